import type { WireView } from './wire-view.js';

/** Renders the connection as a small icon of 32 by 12. Used only in the list's footer, on the sign-in page and next to the product name. */
export function WireGlyph({ line }: { readonly line: WireView['line'] }) {
  const open = line === 'again' || line === 'cut' || line === 'blocked';
  return (
    <svg className="glyph" viewBox="0 0 32 12" aria-hidden="true" data-line={line}>
      <circle className="near" cx="3.5" cy="6" r="2" />
      {strokes(line)}
      <circle className={open ? 'far open' : 'far'} cx="28.5" cy="6" r="2" />
    </svg>
  );
}

function strokes(line: WireView['line']) {
  switch (line) {
    case 'fine':
      return <path d="M6 6h20" />;
    case 'stream':
      return (
        <>
          <path d="M7.5 4h17" />
          <path d="M8 8.4h17" strokeDasharray="0 3.4" />
        </>
      );
    case 'poll':
    case 'slow':
    case 'again':
      return <path d="M8 6h17" strokeDasharray="4 4" />;
    case 'blocked':
    case 'cut':
      return <path d="M6 6h5M21 6h5" />;
  }
}
