import type { Language } from '../design/preferences.js';
import { timeZone } from './time-zone.js';
import type { Words } from './zh.js';

const locales: Record<Language, string> = { zh: 'zh-CN', en: 'en-GB' };
const formats = new Map<string, Intl.DateTimeFormat>();

/** Returns hours and minutes in the local time zone, in 24-hour format. */
export function clockTime(at: number, language: Language): string {
  return format(language, 'clock', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
}

/** Returns a short time for lists: the time today, then yesterday, the weekday, the date. */
export function listTime(at: number, now: number, words: Words, language: Language): string {
  const days = daysBetween(at, now);
  // The server's clock may be ahead.
  if (days <= 0) return clockTime(at, language);
  if (days === 1) return words.yesterday;
  if (days < 7) return format(language, 'weekday', { weekday: 'short' }).format(at);
  return shortDate(at, now, language);
}

/** Returns a future time: the time alone if it is today, otherwise with its day. */
export function comingTime(at: number, now: number, words: Words, language: Language): string {
  const days = daysBetween(now, at);
  const time = clockTime(at, language);
  if (days === 0) return time;
  return `${days === 1 ? words.tomorrow : shortDate(at, now, language)} ${time}`;
}

/** Returns the text of a day separator. */
export function dayWords(at: number, now: number, words: Words, language: Language): string {
  const days = daysBetween(at, now);
  if (days === 0) return words.today;
  if (days === 1) return words.yesterday;
  if (new Date(at).getFullYear() === new Date(now).getFullYear()) {
    const day = format(language, 'day', { month: 'long', day: 'numeric', weekday: 'short' }).format(at);
    // The format puts no space before the weekday of a Chinese date: 11月20日周五.
    return day.replace(/日(?=周)/, '日 ');
  }
  return format(language, 'year', { year: 'numeric', month: 'long', day: 'numeric' }).format(at);
}

/** Returns when a person who is away was last seen. */
export function lastSeenWords(at: number | null, now: number, words: Words, language: Language): string {
  if (at === null) return words.offline;
  const minutes = Math.max(1, Math.floor((now - at) / 60_000));
  if (minutes < 60) return words.activeMinutesAgo(minutes);
  const days = daysBetween(at, now);
  if (days === 0) return words.activeHoursAgo(Math.floor(minutes / 60));
  return days === 1 ? words.activeYesterday : words.activeOn(shortDate(at, now, language));
}

/** Returns the start and end of the local day that contains `at`. Days have 23 or 25 hours twice a year. */
export function localDay(at: number): { readonly from: number; readonly to: number } {
  const midnight = new Date(at);
  midnight.setHours(0, 0, 0, 0);
  const next = new Date(midnight);
  next.setDate(next.getDate() + 1);
  return { from: midnight.getTime(), to: next.getTime() };
}

function shortDate(at: number, now: number, language: Language): string {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return sameYear
    ? format(language, 'short', { month: 'short', day: 'numeric' }).format(at)
    : format(language, 'short-year', {
        year: 'numeric',
        day: 'numeric',
        // In English a numeric month could be mistaken for a day.
        month: language === 'en' ? 'short' : 'numeric',
      }).format(at);
}

/** Returns the whole local days from `at` to `now`; negative if the server's clock is ahead. */
function daysBetween(at: number, now: number): number {
  return Math.round((localDay(now).from - localDay(at).from) / 86_400_000);
}

function format(language: Language, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  // A format keeps the zone in which it was made.
  const key = `${language} ${name} ${timeZone()}`;
  let made = formats.get(key);
  if (made === undefined) {
    made = new Intl.DateTimeFormat(locales[language], options);
    formats.set(key, made);
  }
  return made;
}
