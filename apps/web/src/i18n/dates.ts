import type { Language } from '../look/preferences.js';
import type { Words } from './zh.js';

const locales: Record<Language, string> = { zh: 'zh-CN', en: 'en-GB' };
const formats = new Map<string, Intl.DateTimeFormat>();

/** Hours and minutes in the reader's time zone, 24 hours in both languages. */
export function clockTime(at: number, language: Language): string {
  return format(language, 'clock', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
}

/** As short as a list wants it: the time today, then yesterday, the weekday, the date. */
export function listTime(at: number, now: number, words: Words, language: Language): string {
  const days = daysBetween(at, now);
  // A clock of the server that runs ahead.
  if (days <= 0) return clockTime(at, language);
  if (days === 1) return words.yesterday;
  if (days < 7) return format(language, 'weekday', { weekday: 'short' }).format(at);
  return shortDate(at, now, language);
}

/** A time that is still to come: the time alone today, with its day otherwise. */
export function comingTime(at: number, now: number, words: Words, language: Language): string {
  const days = daysBetween(now, at);
  const time = clockTime(at, language);
  if (days === 0) return time;
  return `${days === 1 ? words.tomorrow : shortDate(at, now, language)} ${time}`;
}

/** The words on a day's pill. */
export function dayWords(at: number, now: number, words: Words, language: Language): string {
  const days = daysBetween(at, now);
  if (days === 0) return words.today;
  if (days === 1) return words.yesterday;
  if (new Date(at).getFullYear() === new Date(now).getFullYear()) {
    const day = format(language, 'day', { month: 'long', day: 'numeric', weekday: 'short' }).format(at);
    // The format sets the weekday of a Chinese date without a space: 11月20日周五.
    return day.replace(/日(?=周)/, '日 ');
  }
  return format(language, 'year', { year: 'numeric', month: 'long', day: 'numeric' }).format(at);
}

/** When somebody who is not here was last seen. */
export function lastSeenWords(at: number | null, now: number, words: Words, language: Language): string {
  if (at === null) return words.offline;
  const minutes = Math.max(1, Math.floor((now - at) / 60_000));
  if (minutes < 60) return words.activeMinutesAgo(minutes);
  const days = daysBetween(at, now);
  if (days === 0) return words.activeHoursAgo(Math.floor(minutes / 60));
  return days === 1 ? words.activeYesterday : words.activeOn(shortDate(at, now, language));
}

/** The local day that holds `at`, as milliseconds from midnight to midnight; days have 23 or 25 hours twice a year. */
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
        ...{ year: 'numeric', day: 'numeric' },
        // In English a month in digits could be taken for a day.
        month: language === 'en' ? 'short' : 'numeric',
      }).format(at);
}

/** Whole local days from `at` to `now`; negative when a server's clock runs ahead. */
function daysBetween(at: number, now: number): number {
  return Math.round((localDay(now).from - localDay(at).from) / 86_400_000);
}

function format(language: Language, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${name}`;
  let made = formats.get(key);
  if (made === undefined) {
    made = new Intl.DateTimeFormat(locales[language], options);
    formats.set(key, made);
  }
  return made;
}
