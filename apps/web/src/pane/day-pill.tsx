import { type RefObject, useEffect, useRef, useState } from 'react';
import { dayWords } from '../i18n/dates.js';
import { useNow } from '../i18n/use-now.js';
import { useWords } from '../i18n/words.js';
import { usePreferences } from '../look/preferences.js';

/** Pixels from the upper edge of the list to the floating day; the CSS has the same. */
const floatsAtPx = 4;

/** Where a day begins. Its words change at midnight. Above the place of the floating day the pill is not drawn: the upper edge would cut it in two. */
export function Day({ at }: { readonly at: number }) {
  const row = useRef<HTMLDivElement>(null);
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    const pill = row.current?.firstElementChild;
    if (!pill) return;
    // Cut by the upper edge alone: the lower one is moved out of reach.
    const observer = new IntersectionObserver((entries) => setPassed(isAbove(entries.at(-1))), {
      root: pill.closest('.scroll'),
      rootMargin: `${-floatsAtPx}px 0px 9999px 0px`,
      threshold: 1,
    });
    observer.observe(pill);
    return () => observer.disconnect();
  }, []);
  return (
    <div className="day-row" ref={row} data-passed={passed}>
      <DayPill at={at} />
    </div>
  );
}

function isAbove(entry: IntersectionObserverEntry | undefined): boolean {
  return !!entry?.rootBounds && entry.boundingClientRect.top < entry.rootBounds.top;
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
