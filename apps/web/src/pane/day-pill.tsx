import { type RefObject, useEffect, useState } from 'react';
import { dayWords } from '../i18n/dates.js';
import { useNow } from '../i18n/use-now.js';
import { useWords } from '../i18n/words.js';
import { usePreferences } from '../look/preferences.js';

/** Where a day begins. Its words change at midnight. */
export function Day({ at }: { readonly at: number }) {
  return (
    <div className="day-row">
      <DayPill at={at} />
    </div>
  );
}

interface FloatingDayProps {
  readonly at: number | null;
  readonly scroller: RefObject<HTMLElement | null>;
}

/** Milliseconds that the floating day stays after the last scrolling: long enough to be read. */
const staysMs = 1_500;

/**
 * The day of what is at the upper edge, for the eye only: the day's own pill says it in the messages. Seen while one scrolls and shortly after, because it
 * lies over what one reads.
 */
export function FloatingDay({ at, scroller }: FloatingDayProps) {
  const [resting, setResting] = useState(true);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onScroll = () => {
      clearTimeout(timer);
      setResting(false);
      timer = setTimeout(() => setResting(true), staysMs);
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      clearTimeout(timer);
      element.removeEventListener('scroll', onScroll);
    };
  }, [scroller]);
  if (at === null) return null;
  return (
    <div className="floating-day" aria-hidden="true" data-resting={resting}>
      <DayPill at={at} />
    </div>
  );
}

function DayPill({ at }: { readonly at: number }) {
  const words = useWords();
  const [{ language }] = usePreferences();
  const now = useNow(60_000);
  return <span className="day">{dayWords(at, now, words, language)}</span>;
}
