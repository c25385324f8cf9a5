import { useEffect, useRef } from 'react';
import { LoadingText } from '../design/loading-text.js';
import { useWords } from '../i18n/words.js';

interface GapRowProps {
  readonly gapKey: string;
  readonly loading: boolean;
  readonly onNear: (key: string) => void;
}

/** How far below the view the gap is requested, in pixels: several Page Downs, so that a reader seldom waits. */
const AHEAD_PX = 2_400;

/** Renders the gap below what is shown: history that is not loaded. Requests it when the reader comes near, and after each page again. */
export function GapRow({ gapKey, loading, onNear }: GapRowProps) {
  const words = useWords();
  const row = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (loading || row.current === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) onNear(gapKey);
      },
      { root: row.current.closest('.scroll'), rootMargin: `0px 0px ${AHEAD_PX}px 0px` },
    );
    observer.observe(row.current);
    return () => observer.disconnect();
  }, [gapKey, loading, onNear]);
  return (
    <p ref={row} className="service gap">
      {loading ? <LoadingText text={words.loadingMessages} /> : words.gap}
    </p>
  );
}
