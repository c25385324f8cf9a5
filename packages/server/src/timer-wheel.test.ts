import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDeadline, createTimerWheel, type TimerWheel } from './timer-wheel.js';

// Tests the timer wheel: one timer with ticks of 50 ms for all timeouts of a server. Times are in milliseconds; each
// test begins at 1,000.

describe('createTimerWheel', () => {
  let time: number;
  let wheel: TimerWheel;

  beforeEach(() => {
    vi.useFakeTimers();
    time = 1_000;
    wheel = createTimerWheel(50, () => time);
  });
  afterEach(() => {
    wheel.stop();
    // A spy that is restored later would put the fake timer back, for all tests of this process.
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  /** Advances the time tick by tick, as in a running process. */
  function pass(ms: number): void {
    for (let rest = ms; rest > 0; rest -= 50) {
      time += Math.min(50, rest);
      vi.advanceTimersByTime(Math.min(50, rest));
    }
  }

  it('a tick wheel calls an entry once, never early, and at most one tick late', () => {
    const seen: number[] = [];
    wheel.schedule(
      createDeadline(() => seen.push(time)),
      220,
    );
    pass(200);
    expect(seen).toEqual([]);
    pass(1_000);
    expect(seen).toEqual([1_250]);
  });

  it('a tick wheel refuses a delay that is not a number and keeps the scheduled entries', () => {
    const seen: string[] = [];
    const [valid, broken] = [createDeadline(() => seen.push('kept')), createDeadline(() => seen.push('broken'))];
    wheel.schedule(valid, 100);
    wheel.schedule(broken, 100);
    expect(() => wheel.schedule(broken, Number.NaN)).toThrow(new RangeError('A delay of NaN ms cannot be waited for.'));
    pass(200);
    expect(seen).toEqual(['kept', 'broken']);
  });

  it('a tick wheel sets no timer with a negative delay after a turn that took long', () => {
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const next = vi.fn<() => void>();
    const slow = createDeadline(() => (time += 500));
    wheel.schedule(slow, 100);
    wheel.schedule(createDeadline(next), 200);
    pass(200);
    expect(next).toHaveBeenCalledOnce();
    expect(Math.min(...timers.mock.calls.map(([, delayMs]) => delayMs!))).toBeGreaterThanOrEqual(0);
  });

  it('a tick wheel keeps delays of several rounds', () => {
    const seen: number[] = [];
    wheel.schedule(
      createDeadline(() => seen.push(time)),
      90_000,
    );
    pass(89_950);
    expect(seen).toEqual([]);
    pass(100);
    expect(seen).toEqual([91_000]);
  });

  it('a tick wheel moves a rescheduled entry and drops a cancelled one', () => {
    const seen: string[] = [];
    const moved = createDeadline(() => seen.push(`moved ${time}`));
    const cancelled = createDeadline(() => seen.push('cancelled'));
    wheel.schedule(moved, 100);
    wheel.schedule(moved, 300);
    wheel.schedule(cancelled, 100);
    wheel.cancel(cancelled);
    wheel.cancel(cancelled);
    pass(1_000);
    expect(seen).toEqual(['moved 1300']);
  });

  it('a tick wheel lets an entry reschedule itself when it is called', () => {
    const seen: number[] = [];
    const entry = createDeadline(() => {
      seen.push(time);
      if (seen.length < 3) wheel.schedule(entry, 100);
    });
    wheel.schedule(entry, 100);
    pass(1_000);
    expect(seen).toEqual([1_100, 1_200, 1_300]);
  });

  it('a tick wheel sleeps at most a second while nothing is due and wakes for an earlier entry', () => {
    const seen: string[] = [];
    vi.setSystemTime(1_000);
    wheel = createTimerWheel(50, Date.now);
    const wake = (): number => {
      vi.advanceTimersToNextTimer();
      return Date.now();
    };
    wheel.schedule(
      createDeadline(() => seen.push(`late ${Date.now()}`)),
      2_600,
    );
    expect(wake()).toBe(2_000);
    wheel.schedule(
      createDeadline(() => seen.push(`soon ${Date.now()}`)),
      120,
    );
    expect([wake(), wake(), wake()]).toEqual([2_150, 3_150, 3_600]);
    expect(seen).toEqual(['soon 2150', 'late 3600']);
  });

  it('a tick wheel is never early at any moment within a tick', () => {
    const seen: number[] = [];
    time = 1_049;
    wheel.schedule(
      createDeadline(() => seen.push(time)),
      60,
    );
    for (let ms = 0; ms < 200; ms += 1) {
      time += 1;
      vi.advanceTimersByTime(1);
    }
    expect(seen).toEqual([1_150]);
  });

  it('a tick wheel runs no timer while it has no entry', () => {
    wheel.schedule(
      createDeadline(() => undefined),
      100,
    );
    expect(vi.getTimerCount()).toBe(1);
    pass(200);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('a tick wheel lets pending input be read after a standstill before it calls an entry', () => {
    const seen: string[] = [];
    wheel.schedule(
      createDeadline(() => seen.push('judged')),
      100,
    );
    time += 60_000;
    setImmediate(() => seen.push('read'));
    vi.advanceTimersByTime(100);
    expect(seen).toEqual(['read']);
    vi.advanceTimersByTime(1);
    expect(seen).toEqual(['read', 'judged']);
  });
});
