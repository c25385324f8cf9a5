import { Fragment, isValidElement, type ReactNode } from 'react';
import { gapBetween } from './spaced.js';

/** Renders a catalogue sentence with elements in its `{places}`, with spaces next to Han where needed. */
export function Fill({ sentence, ...values }: { readonly sentence: string; readonly [place: string]: ReactNode }) {
  const parts = sentence.split(/\{(\w+)\}/);
  return inLine(parts.map((part, index) => (index % 2 === 0 ? part : values[part])));
}

/** Returns the parts of a line, with the spaces of `gapBetween` between them. */
export function inLine(parts: readonly ReactNode[]): ReactNode {
  let before = '';
  return parts.map((part, index) => {
    const text = textOf(part);
    const gap = gapBetween(before, text);
    if (text !== '') before = text;
    return (
      // The parts of a sentence never change places.
      // biome-ignore lint/suspicious/noArrayIndexKey: position is identity here
      <Fragment key={index}>
        {gap}
        {part}
      </Fragment>
    );
  });
}

/** Returns the text of a node, excluding text rendered by components. */
function textOf(node: ReactNode): string {
  if (typeof node === 'string' || typeof node === 'number') return `${node}`;
  if (Array.isArray(node)) return node.map(textOf).join('');
  return isValidElement<{ readonly children?: ReactNode }>(node) ? textOf(node.props.children) : '';
}
