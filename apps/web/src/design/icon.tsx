import type { LucideIcon } from 'lucide-react';

/** The icons fill their view box of 24; a larger box adds a margin, so that they match the size of the text next to them. */
const BOX_SIZE = 28;
const offset = (24 - BOX_SIZE) / 2;

/** Renders an icon in one of three sizes with a stroke of 1.6 px. Hidden from screen readers. */
export function Icon({ of: Drawing, size = 20 }: { readonly of: LucideIcon; readonly size?: 14 | 16 | 20 }) {
  return (
    <Drawing
      width={size}
      height={size}
      viewBox={`${offset} ${offset} ${BOX_SIZE} ${BOX_SIZE}`}
      strokeWidth={(1.6 * BOX_SIZE) / size}
      aria-hidden="true"
    />
  );
}
