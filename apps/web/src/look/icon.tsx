import type { LucideIcon } from 'lucide-react';

/** The drawings fill their box of 24; the look wants air around them, at the optical size of the text beside them. */
const boxSize = 28;
const offset = (24 - boxSize) / 2;

/** A drawing in a box of one of three sizes; the stroke is 1.6 px at each, as the wire's. Says nothing to a screen reader. */
export function Icon({ of: Drawing, size = 20 }: { readonly of: LucideIcon; readonly size?: 14 | 16 | 20 }) {
  return (
    <Drawing
      width={size}
      height={size}
      viewBox={`${offset} ${offset} ${boxSize} ${boxSize}`}
      strokeWidth={(1.6 * boxSize) / size}
      aria-hidden="true"
    />
  );
}
