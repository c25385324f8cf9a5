import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Alarm } from './alarm.js';

// Tests `Alarm`, a timer that also finds out whether the device slept. Times are in milliseconds.

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Creates an alarm. `rings` has the time of each ring since then, and whether the device slept. */
function create(): { alarm: Alarm; rings: [number, boolean][]; at: (ms: number) => number } {
  const from = performance.now();
  const rings: [number, boolean][] = [];
  const alarm = new Alarm((slept) => rings.push([performance.now() - from, slept]));
  return { alarm, rings, at: (ms) => from + ms };
}

describe('alarm', () => {
  it('an alarm rings once when it is due', () => {
    const { alarm, rings, at } = create();
    alarm.set(at(100));
    vi.advanceTimersByTime(1000);
    expect(rings).toEqual([[100, false]]);
  });

  it('an alarm rings immediately for a time in the past', () => {
    const { alarm, rings, at } = create();
    alarm.set(at(-50));
    vi.advanceTimersByTime(0);
    expect(rings).toEqual([[0, false]]);
  });

  it('an alarm moves to an earlier time, but for a later one rings early', () => {
    const { alarm, rings, at } = create();
    alarm.set(at(100));
    alarm.set(at(50));
    alarm.set(at(200));
    vi.advanceTimersByTime(1000);
    expect(rings).toEqual([[50, false]]);
  });

  it('an alarm set to never does not ring again', () => {
    const { alarm, rings, at } = create();
    alarm.set(at(100));
    alarm.set(Number.POSITIVE_INFINITY);
    expect(vi.getTimerCount()).toBe(0);
    alarm.set(at(300));
    vi.advanceTimersByTime(1000);
    expect(rings).toEqual([[300, false]]);
  });

  it('[SN-15.17] an alarm detects that the device slept by a wall clock that advanced without timers', () => {
    const { alarm, rings, at } = create();
    alarm.set(at(100));
    vi.setSystemTime(Date.now() + 4000);
    vi.advanceTimersByTime(100);
    expect(rings).toEqual([[100, true]]);
  });

  it('[SN-15.17] an alarm detects within 2 s that the device slept, however late it is set', () => {
    const { alarm, rings, at } = create();
    alarm.set(at(22_500));
    vi.advanceTimersByTime(3000);
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersByTime(1000);
    expect(rings).toEqual([[4000, true]]);
    vi.advanceTimersByTime(60_000);
    expect(rings).toHaveLength(1);
  });

  it('[SN-15.17] throttled timers of a hidden page do not count as sleep', () => {
    vi.stubGlobal('document', { hidden: true });
    const { alarm, rings, at } = create();
    alarm.set(at(100));
    vi.setSystemTime(Date.now() + 60_000);
    vi.advanceTimersByTime(100);
    alarm.set(at(300));
    vi.setSystemTime(Date.now() + 100_000);
    vi.advanceTimersByTime(200);
    expect(rings).toEqual([
      [100, false],
      [300, true],
    ]);
    vi.unstubAllGlobals();
  });

  it('an alarm can be set a month ahead, beyond the limit of timers', () => {
    vi.stubGlobal('document', { hidden: true });
    const { alarm, rings, at } = create();
    alarm.set(at(30 * 86_400_000));
    vi.advanceTimersByTime(2 ** 31 - 2);
    expect(rings).toEqual([]);
    vi.unstubAllGlobals();
  });
});
