import { expect, test } from 'vitest';
import { SteadyClock } from './steady-clock.js';

// Tests `SteadyClock`, the server's time. It follows the system clock, except when that jumps: then it continues on its
// own. Times are in milliseconds.

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
const start = Date.UTC(2026, 10, 21, 12);

/**
 * A machine whose clocks the test controls: `wall` can be set, `elapsed` does not count while the machine sleeps, and
 * `sinceBoot` does.
 */
class Machine {
  wall: number = start;
  elapsed = 0;
  sinceBoot: number = 30 * day;
  /** The codes of the warnings. */
  readonly lines: string[] = [];

  /** Starts a server. @param lastWrittenAt when it last wrote to its store; `null` if never */
  clock(lastWrittenAt: number | null = start - 1): SteadyClock {
    return new SteadyClock({
      sources: { system: () => this.wall, elapsed: () => this.elapsed, sinceBoot: () => this.sinceBoot },
      limits: { clockJumpMs: minute, clockTrustMs: hour, clockBootMs: 10 * minute, clockGapMs: 30 * day },
      lastWrittenAt,
      warn: (line) => this.lines.push(line.split(':')[0] ?? ''),
    });
  }

  pass(milliseconds: number): void {
    this.wall += milliseconds;
    this.elapsed += milliseconds;
    this.sinceBoot += milliseconds;
  }

  sleep(milliseconds: number): void {
    this.wall += milliseconds;
    this.sinceBoot += milliseconds;
  }

  /** Sets the system clock forward, or back if negative. */
  set(byMilliseconds: number): void {
    this.wall += byMilliseconds;
  }
}

test('the clock follows small corrections of the system clock immediately', () => {
  const machine = new Machine();
  const clock = machine.clock();
  for (const correction of [0, 59_000, -59_000, 30_000]) {
    machine.set(correction);
    machine.pass(1_000);
    expect(clock.now()).toBe(machine.wall);
  }
  expect(machine.lines).toEqual([]);
});

test('after a forward jump the clock continues on its own, warns once, and agrees again when the system clock is corrected', () => {
  const machine = new Machine();
  const clock = machine.clock();
  machine.set(60 * day);
  for (let at = 1; at <= 10; at += 1) {
    machine.pass(minute);
    expect(clock.now()).toBe(start + at * minute);
  }
  expect(machine.lines).toEqual(['clock_jump']);
  machine.set(-60 * day);
  machine.pass(minute);
  expect(clock.now()).toBe(machine.wall);
  expect(machine.lines).toEqual(['clock_jump', 'clock_jump_over']);
});

test('the clock adopts a forward jump that the system clock keeps for an hour, and logs it', () => {
  const machine = new Machine();
  const clock = machine.clock();
  machine.set(60 * day);
  clock.now();
  machine.pass(hour - 1);
  expect(clock.now()).toBe(start + hour - 1);
  machine.pass(1);
  expect(clock.now()).toBe(machine.wall);
  expect(machine.lines).toEqual(['clock_jump', 'clock_taken_over']);
});

test('another jump restarts the hour of waiting', () => {
  const machine = new Machine();
  const clock = machine.clock();
  machine.set(60 * day);
  clock.now();
  machine.pass(50 * minute);
  machine.set(10 * day);
  clock.now();
  machine.pass(50 * minute);
  expect(clock.now()).toBe(start + 100 * minute);
  expect(machine.lines).toEqual(['clock_jump', 'clock_jump']);
});

test('the clock follows a jump back, and forward again, immediately and warns of each', () => {
  const machine = new Machine();
  const clock = machine.clock();
  machine.set(-30 * day);
  machine.pass(minute);
  expect(clock.now()).toBe(machine.wall);
  machine.set(30 * day);
  machine.pass(minute);
  expect(clock.now()).toBe(machine.wall);
  expect(machine.lines).toEqual(['clock_jump', 'clock_jump_over']);
});

test('the sleep of the machine is not taken for a jump', () => {
  const machine = new Machine();
  const clock = machine.clock();
  machine.sleep(3 * day);
  expect(clock.now()).toBe(machine.wall);
  machine.pass(minute);
  expect(clock.now()).toBe(machine.wall);
  expect(machine.lines).toEqual([]);
});

test('the first correction after the machine was switched on is followed immediately', () => {
  const machine = new Machine();
  machine.sinceBoot = minute;
  const clock = machine.clock(null);
  machine.set(20 * day);
  expect(clock.now()).toBe(machine.wall);
  expect(machine.lines).toEqual(['clock_jump']);
});

test('a clock behind the stored time is warned of, and followed immediately up to that time', () => {
  const machine = new Machine();
  const clock = machine.clock(start + 40 * day);
  expect(machine.lines).toEqual(['clock_behind']);
  machine.set(40 * day);
  expect(clock.now()).toBe(machine.wall);
});

test('a clock far ahead of the stored time is warned of, and that time does not count as disuse', () => {
  const machine = new Machine();
  const clock = machine.clock(start - 91 * day);
  expect(machine.lines).toEqual(['clock_ahead']);
  expect(clock.now()).toBe(start);
  expect(clock.usedNow()).toBe(start - 91 * day);
  machine.pass(5 * day);
  expect(clock.usedNow()).toBe(start - 86 * day);
  machine.set(-91 * day);
  expect(clock.usedNow()).toBe(clock.now());
});

test('after a clock that started ahead was set back, the next jump is not followed immediately', () => {
  const machine = new Machine();
  const clock = machine.clock(start - 91 * day);
  machine.pass(minute);
  clock.now();
  machine.set(-91 * day);
  expect(clock.now()).toBe(machine.wall);
  machine.set(50 * day);
  expect(clock.now()).toBe(start - 91 * day + minute);
  expect(machine.lines).toEqual(['clock_ahead', 'clock_jump', 'clock_jump']);
});

test('a clock that falls far behind after a long pause is followed immediately when it is corrected', () => {
  const machine = new Machine();
  const clock = machine.clock(start - 40 * day);
  clock.now();
  machine.set(-3_000 * day);
  clock.now();
  machine.set(3_000 * day);
  expect(clock.now()).toBe(machine.wall);
});

test('shorter pauses of the server count as time', () => {
  const machine = new Machine();
  const clock = machine.clock(start - 29 * day);
  expect([clock.usedNow(), machine.lines]).toEqual([start, []]);
});
