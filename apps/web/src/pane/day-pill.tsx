import { type RefObject, useEffect, useRef, useState } from 'react';
import { usePreferences } from '../design/preferences.js';
import { dayWords } from '../i18n/dates.js';
import { useTimeZone } from '../i18n/time-zone.js';
import { useNow } from '../i18n/use-now.js';
import { useWords } from '../i18n/words.js';

/** The distance in pixels of the floating day from the upper edge of the list, as in the CSS. */
const FLOATS_AT_PX = 4;

/**
 * Renders the separator of a day; its text changes at midnight. Hides the pill above the position of the floating day, where the upper edge
 * would cut it.
 */
export function Day({ at }: { readonly at: number }) {
  const row = useRef<HTMLDivElement>(null);
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    const pill = row.current?.firstElementChild;
    if (!pill) return;
    // Only the upper edge counts; the margin moves the lower one out of reach.
    const observer = new IntersectionObserver((entries) => setPassed(isAbove(entries.at(-1))), {
      root: pill.closest('.scroll'),
      rootMargin: `${-FLOATS_AT_PX}px 0px 9999px 0px`,
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

/** How long the floating day stays after scrolling stops, in milliseconds. */
const STAYS_MS = 1_500;

/**
 * Renders the day of the topmost visible message, hidden from screen readers, which read the day's separator. Visible only during scrolling
 * and shortly after, because it covers messages.
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
      timer = setTimeout(() => setResting(true), STAYS_MS);
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
  useTimeZone();
  return <span className="day">{dayWords(at, now, words, language)}</span>;
}
