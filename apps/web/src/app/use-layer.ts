import { useEffect, useRef } from 'react';
import { pageHistory } from './page-history.js';

/** Makes Back close something that lies above the page, for as long as it is `open`. Every layer registers here, on every layout. */
export function useLayer(onBack: () => void, open = true): void {
  const latest = useRef(onBack);
  latest.current = onBack;
  useEffect(() => (open ? pageHistory.openLayer(() => latest.current()) : undefined), [open]);
}
