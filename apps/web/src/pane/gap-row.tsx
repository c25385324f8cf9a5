import { useEffect, useRef } from 'react';
import { useWords } from '../i18n/words.js';

interface GapRowProps {
  readonly gapKey: string;
  readonly loading: boolean;
  readonly onSeen: (key: string, from: 'newer' | 'older') => void;
}

/**
 * History that is not held here. It is asked for when it comes into view, and again after each answer that left some of it: from the end next to which one
 * reads, so that who was led far back and reads on does not wait for everything since.
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
      {loading ? words.loadingMessages : words.gap}
    </p>
  );
}

/** In the lower half of the window: one reads above it. */
function isLow({ boundingClientRect }: IntersectionObserverEntry): boolean {
  return boundingClientRect.top > window.innerHeight / 2;
}
