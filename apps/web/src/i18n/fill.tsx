import { Fragment, isValidElement, type ReactNode } from 'react';
import { gapBetween } from './spaced.js';

/** A sentence of the catalogue with elements in its `{places}`, in the order the language wants them, set apart from Han where they have to be. */
export function Fill({ sentence, ...values }: { readonly sentence: string; readonly [place: string]: ReactNode }) {
  const parts = sentence.split(/\{(\w+)\}/);
  return inLine(parts.map((part, index) => (index % 2 === 0 ? part : values[part])));
}

/** Pieces of one line after another, with the gaps that `gapBetween` puts between their texts. */
export function inLine(parts: readonly ReactNode[]): ReactNode {
  let before = '';
  return parts.map((part, index) => {
    const text = textOf(part);
    const gap = gapBetween(before, text);
    if (text !== '') before = text;
    return (
      // The parts of one sentence never change places.
      // biome-ignore lint/suspicious/noArrayIndexKey: position is identity here
      <Fragment key={index}>
        {gap}
        {part}
      </Fragment>
    );
  });
}

/** The text in a node, as far as it is given and not made by a component. */
function textOf(node: ReactNode): string {
  if (typeof node === 'string' || typeof node === 'number') return `${node}`;
  if (Array.isArray(node)) return node.map(textOf).join('');
  return isValidElement<{ readonly children?: ReactNode }>(node) ? textOf(node.props.children) : '';
}
