import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';

/** The most rows that are printed, the newest. All are laid out at once. */
const PRINTED_ROWS_MAX = 2_000;

/** Returns the indexes of the rows to render although they are out of view, while the page is being printed; otherwise `null`. */
export function usePrintedRows(count: number): readonly number[] | null {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    // The browser lays the page out as soon as the event has been handled.
    const begin = () => flushSync(() => setPrinting(true));
    const end = () => setPrinting(false);
    addEventListener('beforeprint', begin);
    addEventListener('afterprint', end);
    return () => {
      removeEventListener('beforeprint', begin);
      removeEventListener('afterprint', end);
    };
  }, []);
  if (!printing) return null;
  const from = Math.max(0, count - PRINTED_ROWS_MAX);
  return Array.from({ length: count - from }, (_, index) => from + index);
}
