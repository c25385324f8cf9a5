import { useMemo } from 'react';
import { usePreferences } from '../design/preferences.js';
import { useTimeZone } from './time-zone.js';

/** Returns a function that formats a date and time in the page's language. */
export function useDateTime(): (at: number) => string {
  const [{ language }] = usePreferences();
  const zone = useTimeZone();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the format keeps the zone in which it was made
  return useMemo(() => {
    const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
    return (at: number) => format.format(at);
  }, [language, zone]);
}
