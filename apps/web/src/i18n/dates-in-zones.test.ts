import { afterEach, describe, expect, test, vi } from 'vitest';
import { en } from './en.js';

/** Imports the module again for each zone, because it caches formats of the zone in which it first formats. */
async function datesIn(zone: string) {
  vi.stubEnv('TZ', zone);
  vi.resetModules();
  expect(new Intl.DateTimeFormat().resolvedOptions().timeZone).toBe(zone);
  return import('./dates.js');
}

const hourMs = 3_600_000;
const utc = (text: string) => Date.parse(`${text}Z`);

afterEach(() => {
  vi.unstubAllEnvs();
  // Other tests must not get the copy of this zone.
  vi.resetModules();
});

describe('a local day', () => {
  test.each([
    ['Europe/Berlin', 'of 25 hours', '2026-10-25T12:00', '2026-10-24T22:00', 25],
    ['Europe/Berlin', 'of 25 hours, in its repeated hour', '2026-10-25T01:30', '2026-10-24T22:00', 25],
    ['Europe/Berlin', 'of 25 hours, in its last hour', '2026-10-25T22:59', '2026-10-24T22:00', 25],
    ['Europe/Berlin', 'of 23 hours', '2026-03-29T12:00', '2026-03-28T23:00', 23],
    ['Europe/Berlin', 'of 23 hours, in its last hour', '2026-03-29T21:59', '2026-03-28T23:00', 23],
    ['Europe/Berlin', 'of 24 hours', '2026-10-26T12:00', '2026-10-25T23:00', 24],
    ['Asia/Shanghai', 'of 24 hours', '2026-10-24T16:00', '2026-10-24T16:00', 24],
    ['America/New_York', 'of 25 hours', '2026-11-01T12:00', '2026-11-01T04:00', 25],
  ])('a local day in %s at %s runs from midnight to midnight', async (zone, _, at, from, hours) => {
    const { localDay } = await datesIn(zone);
    expect(localDay(utc(at))).toEqual({ from: utc(from), to: utc(from) + hours * hourMs });
  });

  test('a local day does not contain the midnight at which it ends', async () => {
    const { localDay } = await datesIn('Europe/Berlin');
    const { to } = localDay(utc('2026-10-25T12:00'));
    expect(localDay(to - 1).to).toBe(to);
    expect(localDay(to).from).toBe(to);
  });
});

describe('near a clock change', () => {
  test.each([
    ['the morning after 25 hours', '2026-10-26T08:00', '2026-10-25T22:30', 'Yesterday'],
    ['25 hours earlier, still the day before', '2026-10-25T23:30', '2026-10-24T22:30', 'Yesterday'],
    ['23 hours and a half earlier, on the same day', '2026-10-25T22:30', '2026-10-24T23:00', 'Today'],
    ['the morning after 23 hours', '2026-03-30T06:00', '2026-03-28T23:30', 'Yesterday'],
    ['47 hours earlier, two days before', '2026-03-30T21:30', '2026-03-28T22:30', 'Sat 28 March'],
  ])('a day separator near a clock change names the day: %s', async (_, now, at, shown) => {
    const { dayWords } = await datesIn('Europe/Berlin');
    expect(dayWords(utc(at), utc(now), en, 'en')).toBe(shown);
  });

  test('the list shows local time, in both of the repeated hours', async () => {
    const { listTime } = await datesIn('Europe/Berlin');
    const now = utc('2026-10-25T12:00');
    expect(listTime(utc('2026-10-25T00:30'), now, en, 'en')).toBe('02:30');
    expect(listTime(utc('2026-10-25T01:30'), now, en, 'en')).toBe('02:30');
    expect(listTime(utc('2026-10-25T02:30'), now, en, 'en')).toBe('03:30');
  });
});

describe('the local day of an instant', () => {
  test.each([
    ['Asia/Shanghai', 'Today', '00:10'],
    ['UTC', 'Yesterday', 'Yesterday'],
    ['America/Los_Angeles', 'Today', '08:10'],
  ])('an instant belongs to the local day of the user in %s', async (zone, pill, row) => {
    const { dayWords, listTime } = await datesIn(zone);
    const at = utc('2026-11-19T16:10');
    const now = utc('2026-11-20T02:00');
    expect(dayWords(at, now, en, 'en')).toBe(pill);
    expect(listTime(at, now, en, 'en')).toBe(row);
  });
});
