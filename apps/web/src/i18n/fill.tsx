import { Fragment, type ReactNode } from 'react';

/** A sentence of the catalogue with elements in its `{places}`, in the order the language wants them. */
export function Fill({ sentence, ...values }: { readonly sentence: string; readonly [place: string]: ReactNode }) {
  const parts = sentence.split(/\{(\w+)\}/);
  return parts.map((part, index) => (
    // The parts of one sentence never change places.
    // biome-ignore lint/suspicious/noArrayIndexKey: position is identity here
    <Fragment key={index}>{index % 2 === 0 ? part : values[part]}</Fragment>
  ));
}
