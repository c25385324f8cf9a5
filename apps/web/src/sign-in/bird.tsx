interface BirdProps {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
  /** Mirrored, facing the other way. */
  readonly back?: boolean;
}

/** Renders a bird on a wire. Used only on the sign-in and first-run pages. */
export function Bird({ x, y, scale, back = false }: BirdProps) {
  return (
    <g transform={`translate(${x} ${y}) scale(${back ? -scale : scale} ${scale})`} fill="currentColor" stroke="none">
      <path d="M-13 5.5 -5 -2C-3 -8.5 2 -12.5 6.5 -12.2 8 -15 12.5 -15.2 13.8 -12.2L17.5 -10.6 13.9 -9.6C13.8 -4 9.5 0 4 0 0 0 -3 .6 -6 2.2z" />
      <path d="M3 -.4v3M6 -.6v3" stroke="currentColor" strokeWidth="1" />
    </g>
  );
}
