import { usePreferences } from '../design/preferences.js';
import { clockTime, dayWords } from '../i18n/dates.js';
import { useTimeZone } from '../i18n/time-zone.js';
import { useNow } from '../i18n/use-now.js';
import { useWords } from '../i18n/words.js';

/** Renders a date and time. */
export function When({ at }: { readonly at: number }) {
  const words = useWords();
  const [{ language }] = usePreferences();
  const now = useNow(60_000);
  useTimeZone();
  return (
    <time className="num" dateTime={new Date(at).toISOString()}>
      {dayWords(at, now, words, language)} {clockTime(at, language)}
    </time>
  );
}
