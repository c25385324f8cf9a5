import type { LucideIcon } from 'lucide-react';

/** The drawings fill their box; the look wants air around them, so that icons stand at the optical size of the text. */
const airFactor = 0.86;

/** A drawing for a box of one of three sizes; the stroke is 1.6 px at each, as the wire's. Says nothing to a screen reader. */
export function Icon({ of: Drawing, size = 20 }: { readonly of: LucideIcon; readonly size?: 14 | 16 | 20 }) {
  return <Drawing size={Math.round(size * airFactor)} strokeWidth={1.6} absoluteStrokeWidth aria-hidden="true" />;
}
