import { useEffect, useRef } from 'react';
import { pageHistory } from './page-history.js';

/** Makes Back close a layer above the page while it is `open`. Every dialog, menu and panel must call it, in every layout. */
export function useLayer(onBack: () => void, open = true): void {
  const latest = useRef(onBack);
  latest.current = onBack;
  useEffect(() => (open ? pageHistory.openLayer(() => latest.current()) : undefined), [open]);
}
