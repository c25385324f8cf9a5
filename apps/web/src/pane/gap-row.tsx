import { useEffect, useRef } from 'react';
import { useWords } from '../i18n/words.js';

interface GapRowProps {
  readonly gapKey: string;
  readonly loading: boolean;
  readonly onSeen: (key: string) => void;
}

/** History that is not held here. It is asked for when it comes into view, and again after each answer that left some of it. */
export function GapRow({ gapKey, loading, onSeen }: GapRowProps) {
  const words = useWords();
  const row = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (loading || row.current === null) return;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) onSeen(gapKey);
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
