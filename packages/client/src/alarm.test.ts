import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Alarm } from './alarm.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

function create(): { alarm: Alarm; rings: [number, boolean][]; at: (ms: number) => number } {
  const from = performance.now();
  const rings: [number, boolean][] = [];
  const alarm = new Alarm((slept) => rings.push([performance.now() - from, slept]));
  return { alarm, rings, at: (ms) => from + ms };
}

describe('alarm', () => {
  it('rings once, when it is due', () => {
    const { alarm, rings, at } = create();
    alarm.set(at(100));
    vi.advanceTimersByTime(1000);
    expect(rings).toEqual([[100, false]]);
  });

  it('rings at once for a time that has passed', () => {
    const { alarm, rings, at } = create();
    alarm.set(at(-50));
    vi.advanceTimersByTime(0);
    expect(rings).toEqual([[0, false]]);
  });

  it('moves to an earlier time, and for a later one rings too early', () => {
    const { alarm, rings, at } = create();
    alarm.set(at(100));
    alarm.set(at(50));
    alarm.set(at(200));
    vi.advanceTimersByTime(1000);
    expect(rings).toEqual([[50, false]]);
  });

  it('never rings again once it is set to never', () => {
    const { alarm, rings, at } = create();
    alarm.set(at(100));
    alarm.set(Number.POSITIVE_INFINITY);
    expect(vi.getTimerCount()).toBe(0);
    alarm.set(at(300));
    vi.advanceTimersByTime(1000);
    expect(rings).toEqual([[300, false]]);
  });

  it('[SN-15.17] says when the device slept: the wall clock went on and timers did not', () => {
    const { alarm, rings, at } = create();
    alarm.set(at(100));
    vi.setSystemTime(Date.now() + 4000);
    vi.advanceTimersByTime(100);
    expect(rings).toEqual([[100, true]]);
  });

  it('[SN-15.17] says so within 2 s, however long it was set for', () => {
    const { alarm, rings, at } = create();
    alarm.set(at(22_500));
    vi.advanceTimersByTime(3000);
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersByTime(1000);
    expect(rings).toEqual([[4000, true]]);
    vi.advanceTimersByTime(60_000);
    expect(rings).toHaveLength(1);
  });

  it('[SN-15.17] rings late in a hidden page, whose timers are throttled, without any sleep', () => {
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

  it('waits for a month, which is longer than a timer can', () => {
    vi.stubGlobal('document', { hidden: true });
    const { alarm, rings, at } = create();
    alarm.set(at(30 * 86_400_000));
    vi.advanceTimersByTime(2 ** 31 - 2);
    expect(rings).toEqual([]);
    vi.unstubAllGlobals();
  });
});
