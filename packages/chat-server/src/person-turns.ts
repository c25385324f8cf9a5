import type { UserId } from '@everywire/chat';

export interface PersonTurnsOptions {
  /** Milliseconds of one turn of the event loop within which further work begins. The last piece may end later. */
  readonly turnMs: number;
  /** Turns of the event loop that pass for everything else once a turn has used its time, or fewer where they take as long as the work did. */
  readonly restTurns: number;
  /** Milliseconds since any moment. */
  readonly now?: () => number;
  /** Calls back in the next turn of the event loop. */
  readonly nextTurn?: (callback: () => void) => void;
  /** Calls back once no promise that is settled has anything left to do. */
  readonly afterPromises?: (callback: () => void) => void;
}

/**
 * Spreads the work of people over turns of the event loop, so that none becomes long however much is asked: once a turn has used its time, work waits for the
 * next one, and people take turns there. So whoever asks for much delays another person by one piece of work. Some turns pass in between, because a server accepts
 * one connection in each: a visitor behind many that connect would wait for as many pieces of work.
 */
export class PersonTurns {
  readonly #options: Required<PersonTurnsOptions>;
  /** What waits, by person; the person whose turn it was goes to the end. */
  readonly #waiting = new Map<UserId, (() => void)[]>();
  #usedMs = 0;
  /** While the time of a turn is used up: since when the loop rests from this work, and how many turns have passed. */
  #rest: { readonly since: number; turns: number } | null = null;
  #isScheduled = false;
  /** A piece of work that waited has begun, and what it used is not known yet. */
  #isBeginning = false;

  constructor(options: PersonTurnsOptions) {
    this.#options = {
      now: () => performance.now(),
      nextTurn: (callback) => void setImmediate(callback),
      afterPromises: (callback) => process.nextTick(callback),
      ...options,
    };
  }

  /**
   * Runs the work when it is the person's turn. `onUsed` is given the milliseconds for which it held the event loop up: until it ended, or first waited for
   * something that takes another turn.
   */
  async run<Result>(user: UserId, work: () => Promise<Result>, onUsed: (ms: number) => void): Promise<Result> {
    const waits = this.#waiting.size > 0 || this.#usedMs >= this.#options.turnMs;
    if (waits) await new Promise<void>((resolve) => this.#wait(user, resolve));
    return this.measure(work, (ms) => {
      onUsed(ms);
      this.#used(ms, waits);
    });
  }

  /** Runs the work at once and says the same of it. */
  async measure<Result>(work: () => Promise<Result>, onUsed: (ms: number) => void): Promise<Result> {
    const { now, afterPromises } = this.#options;
    const beganAt = now();
    let isOver = false;
    const end = (): void => {
      if (!isOver) onUsed(now() - beganAt);
      isOver = true;
    };
    afterPromises(end);
    try {
      return await work();
    } finally {
      end();
    }
  }

  #wait(user: UserId, begin: () => void): void {
    const line = this.#waiting.get(user);
    if (line === undefined) this.#waiting.set(user, [begin]);
    else line.push(begin);
    this.#schedule();
  }

  #used(ms: number, waited: boolean): void {
    this.#usedMs += ms;
    this.#schedule();
    if (waited) this.#isBeginning = false;
    this.#beginNext();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#options.nextTurn(() => {
      this.#isScheduled = false;
      if (this.#isResting()) {
        this.#schedule();
        return;
      }
      this.#usedMs = 0;
      this.#beginNext();
    });
  }

  #isResting(): boolean {
    const { turnMs, restTurns, now } = this.#options;
    if (this.#usedMs < turnMs) return false;
    this.#rest ??= { since: now(), turns: 0 };
    this.#rest.turns += 1;
    const isResting = this.#rest.turns < restTurns && now() - this.#rest.since < this.#usedMs;
    if (!isResting) this.#rest = null;
    return isResting;
  }

  /** One after the other, so that each is measured alone. */
  #beginNext(): void {
    if (this.#isBeginning || this.#usedMs >= this.#options.turnMs) {
      if (this.#waiting.size > 0) this.#schedule();
      return;
    }
    const next = this.#waiting.entries().next();
    if (next.done) return;
    const [user, line] = next.value;
    const begin = line.shift();
    this.#waiting.delete(user);
    if (line.length > 0) this.#waiting.set(user, line);
    this.#isBeginning = true;
    begin?.();
  }
}
