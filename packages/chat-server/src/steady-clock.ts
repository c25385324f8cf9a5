import type { ChatServerLimits } from './limits.js';

/** Clocks of the machine, all in milliseconds. */
export interface ClockSources {
  /** The system clock: milliseconds since the epoch. Can be set at any time. */
  readonly system: () => number;
  /** The monotonic clock, from any origin. May stand still while the machine sleeps. */
  readonly elapsed: () => number;
  /** Time since the machine was switched on, including sleep. Read only if the other two clocks disagree. */
  readonly sinceBoot: () => number;
}

/** Options of `SteadyClock`. */
export interface SteadyClockOptions {
  readonly sources: ClockSources;
  readonly limits: Pick<ChatServerLimits, 'clockJumpMs' | 'clockTrustMs' | 'clockBootMs' | 'clockGapMs'>;
  /** When the store was last written before this start, in milliseconds since the epoch; `null` if unknown. */
  readonly lastWrittenAt: number | null;
  readonly warn: (line: string) => void;
}

/**
 * The time that stamps messages and decides what has expired: the system clock, without its forward jumps.
 *
 * - It immediately follows corrections of at most `clockJumpMs`, and any step backward, because stored times never decrease
 *   anyway (CH-33).
 * - It follows a forward jump only after the system clock has kept it for `clockTrustMs`. Otherwise a message stamped
 *   in the future would keep all later ones of its conversation there, and sign-ins, invitations and uploads would
 *   expire.
 * - It immediately follows steps forward to a time that was adopted before, or stored before the start; the machine's
 *   sleep; and steps within `clockBootMs` of the machine's start, when it learns the time.
 */
export class SteadyClock {
  readonly #options: SteadyClockOptions;
  /** Milliseconds to add to the monotonic clock. */
  #offset: number;
  /** The highest offset that was adopted and did not prove to be an error at the start. */
  #ceiling: number;
  /**
   * The offset at which the store was last written before the start. A lower bound, because the server was off in
   * between.
   */
  readonly #stored: number | null;
  #slept: { readonly elapsed: number; readonly sinceBoot: number };
  /** A jump that is not followed yet, and when it began by the monotonic clock. */
  #jump: { readonly offset: number; readonly since: number } | null = null;
  /** Milliseconds before the start that do not count as disuse. */
  #gap = 0;

  constructor(options: SteadyClockOptions) {
    this.#options = options;
    const { sources, limits, lastWrittenAt, warn } = options;
    const [now, elapsed] = [sources.system(), sources.elapsed()];
    this.#offset = now - elapsed;
    this.#stored = lastWrittenAt === null ? null : lastWrittenAt - elapsed;
    this.#ceiling = Math.max(this.#offset, this.#stored ?? this.#offset);
    this.#slept = { elapsed, sinceBoot: sources.sinceBoot() };
    if (lastWrittenAt === null) return;
    if (now < lastWrittenAt - limits.clockJumpMs) {
      warn(
        `clock_behind: The system clock shows ${dateOf(now)}, but the store was written at ${dateOf(lastWrittenAt)}. ` +
          'One of the two is wrong. New messages of a conversation get the time of its last one until the clock has passed that.',
      );
    } else if (now > lastWrittenAt + limits.clockGapMs) {
      this.#gap = now - lastWrittenAt;
      warn(
        `clock_ahead: The system clock shows ${dateOf(now)}, but the store was last written at ${dateOf(lastWrittenAt)}. ` +
          'If the server was not stopped that long, correct the clock and restart. Sign-ins do not expire by that time.',
      );
    }
  }

  /** Returns milliseconds since the epoch. */
  now(): number {
    const { system, elapsed } = this.#options.sources;
    const [wall, at] = [system(), elapsed()];
    const deviation = wall - (at + this.#offset);
    if (Math.abs(deviation) <= this.#options.limits.clockJumpMs) this.#agree(wall - at);
    else this.#judge(wall, at);
    return at + this.#offset;
  }

  /**
   * Returns the time by which sign-ins are judged unused: `now`, without a long time before the start in which they
   * could not be used.
   */
  usedNow(): number {
    return this.now() - this.#gap;
  }

  #agree(offset: number): void {
    this.#believe(offset);
    if (this.#jump === null) return;
    this.#jump = null;
    this.#options.warn('clock_jump_over: The system clock agrees with the server again.');
  }

  #believe(offset: number): void {
    this.#offset = offset;
    this.#ceiling = Math.max(this.#ceiling, offset);
  }

  #judge(wall: number, at: number): void {
    const { limits, sources, warn } = this.#options;
    this.#addSleep(at);
    const offset = wall - at;
    const deviation = offset - this.#offset;
    if (Math.abs(deviation) <= limits.clockJumpMs) this.#agree(offset);
    else if (deviation < 0) this.#goBack(offset, deviation);
    else if (offset <= this.#ceiling + limits.clockJumpMs) {
      this.#believe(offset);
      warn('clock_jump_over: The system clock went forward again to where it had been, and the server follows.');
    } else if (sources.sinceBoot() < limits.clockBootMs) {
      this.#believe(offset);
      warn(
        `clock_jump: The system clock went forward by ${lengthOf(deviation)} after the machine was started; the server follows.`,
      );
    } else this.#wait(offset, deviation, at);
  }

  /** Adds the machine's sleep, which is not a jump. */
  #addSleep(at: number): void {
    const sinceBoot = this.#options.sources.sinceBoot();
    const slept = sinceBoot - this.#slept.sinceBoot - (at - this.#slept.elapsed);
    this.#slept = { elapsed: at, sinceBoot };
    if (slept > this.#options.limits.clockJumpMs) this.#believe(this.#offset + slept);
  }

  #goBack(offset: number, deviation: number): void {
    const back = lengthOf(-deviation);
    this.#offset = offset;
    this.#jump = null;
    // If the clock comes back by as much as the gap, the gap was its error, and so was the time adopted since the
    // start.
    const gap = Math.max(0, this.#gap + deviation);
    if (this.#wasWrong(gap, offset)) this.#ceiling = offset;
    this.#gap = gap;
    this.#options.warn(
      `clock_jump: The system clock went back by ${back}, and the server follows. New messages of a conversation get the time of its last one until the clock has passed that.`,
    );
  }

  /**
   * Returns whether the clock was ahead at the start and has come back to when the store was written, or a little
   * later.
   */
  #wasWrong(gap: number, offset: number): boolean {
    const { clockJumpMs, clockGapMs } = this.#options.limits;
    return this.#gap > 0 && gap <= clockGapMs && offset >= (this.#stored ?? offset) - clockJumpMs;
  }

  #wait(offset: number, deviation: number, at: number): void {
    const { limits, warn } = this.#options;
    const jump = this.#jump;
    if (jump === null || Math.abs(jump.offset - offset) > limits.clockJumpMs) {
      this.#jump = { offset, since: at };
      warn(
        `clock_jump: The system clock went forward by ${lengthOf(deviation)}. The server keeps its own time for ` +
          `${lengthOf(limits.clockTrustMs)}; a restart adopts the system's time immediately. Check the time service of the machine.`,
      );
    } else if (at - jump.since >= limits.clockTrustMs) {
      this.#believe(offset);
      this.#jump = null;
      const [ahead, trusted] = [lengthOf(deviation), lengthOf(limits.clockTrustMs)];
      warn(`clock_taken_over: The system clock has been ${ahead} ahead for ${trusted}; the server adopts its time.`);
    }
  }
}

function dateOf(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

const units = [
  [86_400_000, 'days'],
  [3_600_000, 'hours'],
  [60_000, 'minutes'],
] as const;

/** Formats a duration such as `60 days` or `90 minutes`, in the largest unit with a count of two or more. */
function lengthOf(milliseconds: number): string {
  const [unit, name] = units.find(([size]) => milliseconds >= 2 * size) ?? [1_000, 'seconds'];
  return `${Math.round(milliseconds / unit)} ${name}`;
}
