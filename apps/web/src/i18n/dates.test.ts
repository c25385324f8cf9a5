import { describe, expect, test } from 'vitest';
import { clockTime, dayWords, lastSeenWords, listTime, localDay } from './dates.js';
import { en } from './en.js';
import { zh } from './zh.js';

const now = new Date(2026, 10, 20, 9, 41).getTime();
const at = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute).getTime();

describe('dates', () => {
  test('[item 13] today, yesterday, then the date, by the days of the reader', () => {
    expect(dayWords(at(20, 0), now, zh, 'zh')).toBe('今天');
    expect(dayWords(at(19, 23, 59), now, en, 'en')).toBe('Yesterday');
    expect(dayWords(at(3, 12), now, zh, 'zh')).toContain('11月3日');
    expect(dayWords(new Date(2025, 0, 5).getTime(), now, en, 'en')).toContain('2025');
  });

  test('the list is shorter: time, yesterday, weekday, date', () => {
    expect(listTime(at(20, 8, 5), now, en, 'en')).toBe('08:05');
    expect(listTime(at(19, 8), now, zh, 'zh')).toBe('昨天');
    expect(listTime(at(17, 8), now, en, 'en')).toBe('Tue');
    expect(listTime(at(3, 8), now, en, 'en')).toBe('3 Nov');
  });

  test('a server whose clock runs ahead still says today', () => {
    expect(listTime(now + 3_000, now, en, 'en')).toBe('09:41');
    expect(clockTime(at(20, 0, 5), 'en')).toBe('00:05');
  });

  test('a day is from midnight to midnight', () => {
    const { from, to } = localDay(now);
    expect(new Date(from).getHours()).toBe(0);
    expect(new Date(to).getDate()).toBe(21);
  });

  test('[item 35] says when somebody was last here, and nothing exact where it is not known', () => {
    expect(lastSeenWords(now - 12 * 60_000, now, en, 'en')).toBe('Active 12 min ago');
    expect(lastSeenWords(at(19, 20), now, zh, 'zh')).toBe('昨天在线');
    expect(lastSeenWords(null, now, zh, 'zh')).toBe('不在线');
  });
});
