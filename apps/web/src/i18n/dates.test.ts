import { describe, expect, test } from 'vitest';
import { clockTime, comingTime, dayWords, lastSeenWords, listTime, localDay } from './dates.js';
import { en } from './en.js';
import { zh } from './zh.js';

const now = new Date(2026, 10, 20, 9, 41).getTime();
const at = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute).getTime();

describe('dates', () => {
  test('[item 13] a day separator shows today, yesterday, then the date, by local days', () => {
    expect(dayWords(at(20, 0), now, zh, 'zh')).toBe('今天');
    expect(dayWords(at(19, 23, 59), now, en, 'en')).toBe('Yesterday');
    expect(dayWords(at(3, 12), now, zh, 'zh')).toBe('11月3日 周二');
    expect(dayWords(new Date(2026, 0, 1).getTime(), now, en, 'en')).toBe('Thu 1 January');
    expect(dayWords(new Date(2025, 11, 31, 23, 59).getTime(), now, en, 'en')).toBe('31 December 2025');
    expect(dayWords(new Date(2025, 0, 5).getTime(), now, en, 'en')).toBe('5 January 2025');
  });

  test('a future time includes its day unless it is today', () => {
    expect(comingTime(at(20, 23, 5), now, en, 'en')).toBe('23:05');
    expect(comingTime(at(21, 5), now, en, 'en')).toBe('tomorrow 05:00');
    expect(comingTime(at(21, 5), now, zh, 'zh')).toBe('明天 05:00');
    expect(comingTime(at(24, 5), now, zh, 'zh')).toBe('11月24日 05:00');
    expect(comingTime(new Date(2027, 0, 2, 5).getTime(), now, en, 'en')).toBe('2 Jan 2027 05:00');
  });

  test('the list shows the time, yesterday, the weekday, then the date', () => {
    expect(listTime(at(20, 8, 5), now, en, 'en')).toBe('08:05');
    expect(listTime(at(19, 8), now, zh, 'zh')).toBe('昨天');
    expect(listTime(at(17, 8), now, en, 'en')).toBe('Tue');
    expect(listTime(at(3, 8), now, en, 'en')).toBe('3 Nov');
    expect(listTime(at(14, 0), now, en, 'en')).toBe('Sat');
    expect(listTime(at(13, 23, 59), now, en, 'en')).toBe('13 Nov');
    expect(listTime(new Date(2025, 11, 31).getTime(), now, en, 'en')).toBe('31 Dec 2025');
    expect(listTime(new Date(2025, 11, 31).getTime(), now, zh, 'zh')).toBe('2025/12/31');
  });

  test('a time from a server clock that is ahead is shown as today', () => {
    expect(listTime(now + 3_000, now, en, 'en')).toBe('09:41');
    expect(listTime(at(21, 0, 1), now, en, 'en')).toBe('00:01');
    expect(clockTime(at(20, 0, 5), 'en')).toBe('00:05');
  });

  test('a local day runs from midnight to midnight', () => {
    expect(localDay(now)).toEqual({ from: at(20, 0), to: at(21, 0) });
    expect(localDay(at(20, 0))).toEqual({ from: at(20, 0), to: at(21, 0) });
  });

  test('[item 35] the last-seen text is approximate, and says only "offline" if the time is unknown', () => {
    expect(lastSeenWords(now - 12 * 60_000, now, en, 'en')).toBe('Active 12 min ago');
    expect(lastSeenWords(now, now, en, 'en')).toBe('Active 1 min ago');
    expect(lastSeenWords(now - 120_000 + 1, now, en, 'en')).toBe('Active 1 min ago');
    expect(lastSeenWords(now - 60 * 60_000 + 1, now, en, 'en')).toBe('Active 59 min ago');
    expect(lastSeenWords(now - 60 * 60_000, now, en, 'en')).toBe('Active 1 hr ago');
    expect(lastSeenWords(at(20, 0), now, en, 'en')).toBe('Active 9 hr ago');
    expect(lastSeenWords(at(19, 23, 59), now, en, 'en')).toBe('Active yesterday');
    expect(lastSeenWords(at(18, 12), now, en, 'en')).toBe('Active 18 Nov');
    expect(lastSeenWords(at(19, 20), now, zh, 'zh')).toBe('昨天在线');
    expect(lastSeenWords(null, now, zh, 'zh')).toBe('离线');
  });
});
