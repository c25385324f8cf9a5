import { useEffect, useRef } from 'react';
import { LoadingText } from '../design/loading-text.js';
import { useWords } from '../i18n/words.js';

interface GapRowProps {
  readonly gapKey: string;
  readonly loading: boolean;
  readonly onSeen: (key: string, from: 'newer' | 'older') => void;
}

/**
 * Renders a gap: history that is not loaded. Requests it when the gap comes into view, and again after each partial answer, from the end
 * that the user is reading at, so that continuing there does not need the whole gap.
 */
export function GapRow({ gapKey, loading, onSeen }: GapRowProps) {
  const words = useWords();
  const row = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (loading || row.current === null) return;
    const observer = new IntersectionObserver((entries) => {
      const seen = entries.find((entry) => entry.isIntersecting);
      if (seen !== undefined) onSeen(gapKey, isLow(seen) ? 'older' : 'newer');
    });
    observer.observe(row.current);
    return () => observer.disconnect();
  }, [gapKey, loading, onSeen]);
  return (
    <p ref={row} className="service gap">
      {loading ? <LoadingText text={words.loadingMessages} /> : words.gap}
    </p>
  );
}

/** Returns whether the gap is in the lower half of the window, so that the user is reading above it. */
function isLow({ boundingClientRect }: IntersectionObserverEntry): boolean {
  return boundingClientRect.top > window.innerHeight / 2;
}
