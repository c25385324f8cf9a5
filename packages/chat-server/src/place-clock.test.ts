import { expect, test } from 'vitest';
import { PlaceClock } from './place-clock.js';

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
const start = Date.UTC(2026, 10, 21, 12);

/** A machine whose clock may be set. Time passes in both clocks; sleep is what the monotonic clock misses. */
class Machine {
  wall: number = start;
  elapsed = 0;
  sinceBoot: number = 30 * day;
  readonly lines: string[] = [];

  clock(lastWrittenAt: number | null = start - 1): PlaceClock {
    return new PlaceClock({
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

  set(byMilliseconds: number): void {
    this.wall += byMilliseconds;
  }
}

test('follows the system clock, and small corrections of it at once', () => {
  const machine = new Machine();
  const clock = machine.clock();
  for (const correction of [0, 59_000, -59_000, 30_000]) {
    machine.set(correction);
    machine.pass(1_000);
    expect(clock.now()).toBe(machine.wall);
  }
  expect(machine.lines).toEqual([]);
});

test('goes on by itself when the system clock jumps forward, warns once, and agrees again when it is set right', () => {
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

test('takes the time of the system clock over when it has stood by it for an hour, and says so', () => {
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

test('begins the hour again when the clock jumps once more', () => {
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

test('follows a clock that goes back, and forward again to where it was, at once, and warns of each', () => {
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

test('knows the sleep of the machine from a jump of its clock', () => {
  const machine = new Machine();
  const clock = machine.clock();
  machine.sleep(3 * day);
  expect(clock.now()).toBe(machine.wall);
  machine.pass(minute);
  expect(clock.now()).toBe(machine.wall);
  expect(machine.lines).toEqual([]);
});

test('follows the first correction after the machine was switched on at once', () => {
  const machine = new Machine();
  machine.sinceBoot = minute;
  const clock = machine.clock(null);
  machine.set(20 * day);
  expect(clock.now()).toBe(machine.wall);
  expect(machine.lines).toEqual(['clock_jump']);
});

test('warns where the clock is behind what is stored, and follows it at once up to that time', () => {
  const machine = new Machine();
  const clock = machine.clock(start + 40 * day);
  expect(machine.lines).toEqual(['clock_behind']);
  machine.set(40 * day);
  expect(clock.now()).toBe(machine.wall);
});

test('warns where the clock is far ahead of what is stored, and does not count that time as time without use', () => {
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

test('waits at the next jump after a clock that was ahead at the start was set back', () => {
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

test('follows a clock at once that falls far behind what is stored after a long pause, and is set right again', () => {
  const machine = new Machine();
  const clock = machine.clock(start - 40 * day);
  clock.now();
  machine.set(-3_000 * day);
  clock.now();
  machine.set(3_000 * day);
  expect(clock.now()).toBe(machine.wall);
});

test('counts shorter pauses of the server as time', () => {
  const machine = new Machine();
  const clock = machine.clock(start - 29 * day);
  expect([clock.usedNow(), machine.lines]).toEqual([start, []]);
});
