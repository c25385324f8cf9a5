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

/** The day of what is at the upper edge, for the eye only: the day's own pill says it in the messages. */
export function FloatingDay({ at }: { readonly at: number | null }) {
  if (at === null) return null;
  return (
    <div className="floating-day" aria-hidden="true">
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
