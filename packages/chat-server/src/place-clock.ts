import type { ChatServerLimits } from './limits.js';

/** Clocks of the machine, all in milliseconds. */
export interface ClockSources {
  /** Since the epoch; somebody may set it. */
  readonly system: () => number;
  /** Monotonic, from any beginning; may stand still while the machine sleeps. */
  readonly elapsed: () => number;
  /** Since the machine was switched on, sleep included. Asked only where the two others disagree. */
  readonly sinceBoot: () => number;
}

export interface PlaceClockOptions {
  readonly sources: ClockSources;
  readonly limits: Pick<ChatServerLimits, 'clockJumpMs' | 'clockTrustMs' | 'clockBootMs' | 'clockGapMs'>;
  /** When the store was last written before this start, milliseconds since the epoch; `null`: not known. */
  readonly lastWrittenAt: number | null;
  readonly warn: (line: string) => void;
}

/**
 * The time that messages are stamped with and that what expires is judged by: the system clock, without its forward jumps.
 *
 * - It follows corrections of at most `clockJumpMs`, and any step backward, at once: stored times never fall anyway (CH-33).
 * - A jump forward is not followed until the system clock has stood by it for `clockTrustMs`. A message stamped in the future would hold all
 *   later ones of its conversation there, and sign-ins, invitations and uploads would end.
 * - Followed at once are steps forward to a time that was believed before, or was stored before the start; what the machine slept;
 *   and those within `clockBootMs` of its start, when it learns the time.
 */
export class PlaceClock {
  readonly #options: PlaceClockOptions;
  /** What to add to the monotonic clock. */
  #offset: number;
  /** The highest offset that was believed and did not turn out to be an error at the start. */
  #ceiling: number;
  /** The offset by which the store was last written before the start: at least, since the server was off in between. */
  readonly #stored: number | null;
  #slept: { readonly elapsed: number; readonly sinceBoot: number };
  /** The jump that is not followed yet, and since when by the monotonic clock. */
  #jump: { readonly offset: number; readonly since: number } | null = null;
  /** Time before the start that does not count as time without use. */
  #gap = 0;

  constructor(options: PlaceClockOptions) {
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
        `clock_behind: The system clock says ${dateOf(now)}, and the store was written at ${dateOf(lastWrittenAt)}. ` +
          'One of the two is wrong. New messages of a conversation get the time of its last one until the clock has passed that.',
      );
    } else if (now > lastWrittenAt + limits.clockGapMs) {
      this.#gap = now - lastWrittenAt;
      warn(
        `clock_ahead: The system clock says ${dateOf(now)}, and the store was last written at ${dateOf(lastWrittenAt)}. ` +
          'If the server was not stopped that long, set the clock and start again. Sign-ins do not end by that time.',
      );
    }
  }

  /** Milliseconds since the epoch. */
  now(): number {
    const { system, elapsed } = this.#options.sources;
    const [wall, at] = [system(), elapsed()];
    const deviation = wall - (at + this.#offset);
    if (Math.abs(deviation) <= this.#options.limits.clockJumpMs) this.#agree(wall - at);
    else this.#judge(wall, at);
    return at + this.#offset;
  }

  /** As of when sign-ins are judged unused: `now`, without a long time before the start in which nobody could use them. */
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

  /** What the machine slept is no jump. */
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
    // The gap was this clock's error where it comes back by as much, and then so was the time that was believed since the start.
    const gap = Math.max(0, this.#gap + deviation);
    if (this.#wasWrong(gap, offset)) this.#ceiling = offset;
    this.#gap = gap;
    this.#options.warn(
      `clock_jump: The system clock went back by ${back}, and the server follows. New messages of a conversation get the time of its last one until the clock has passed that.`,
    );
  }

  /** Whether the clock was ahead at the start and has come back to where the store was written, or a little later. */
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
        `clock_jump: The system clock went forward by ${lengthOf(deviation)}. The server goes on by its own time for ` +
          `${lengthOf(limits.clockTrustMs)}; a start takes the system's time at once. Look at the time service of the machine.`,
      );
    } else if (at - jump.since >= limits.clockTrustMs) {
      this.#believe(offset);
      this.#jump = null;
      const [ahead, trusted] = [lengthOf(deviation), lengthOf(limits.clockTrustMs)];
      warn(`clock_taken_over: The system clock has been ${ahead} ahead for ${trusted}; the server takes its time.`);
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

/** `60 days`, `90 minutes`: in the largest unit of which there are two or more. */
function lengthOf(milliseconds: number): string {
  const [unit, name] = units.find(([size]) => milliseconds >= 2 * size) ?? [1_000, 'seconds'];
  return `${Math.round(milliseconds / unit)} ${name}`;
}
