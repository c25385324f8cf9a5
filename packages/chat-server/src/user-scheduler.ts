import type { UserId } from '@everywire/chat';

/** Options of `UserScheduler`. */
export interface UserSchedulerOptions {
  /** Milliseconds of one event-loop tick within which work may start. The last piece of work may end later. */
  readonly turnMs: number;
  /** Ticks without work after a tick that has used up its time; fewer if they take as long as the work did. */
  readonly restTurns: number;
  /** Returns milliseconds since any fixed moment. */
  readonly now?: () => number;
  /** Calls back in the next event-loop tick. */
  readonly nextTurn?: (callback: () => void) => void;
  /** Calls back once all settled promises have run their reactions. */
  readonly afterPromises?: (callback: () => void) => void;
}

/**
 * Spreads the work of users over event-loop ticks, so that no tick becomes long. When a tick has used up its time, work
 * waits for a later tick, where users take turns. So a user with much work delays another user by only one piece of it.
 *
 * Some ticks without work pass in between, because a server accepts one connection in each tick. Otherwise a new
 * connection behind many others would wait for as many pieces of work.
 */
export class UserScheduler {
  readonly #options: Required<UserSchedulerOptions>;
  /** Waiting work by user. The first user is next; a user whose turn ended moves to the end. */
  readonly #waiting = new Map<UserId, (() => void)[]>();
  /** Milliseconds of work in this tick. */
  #usedMs = 0;
  /** While the time of a tick is used up: when the pause began, and how many ticks have passed. */
  #rest: { readonly since: number; turns: number } | null = null;
  #isScheduled = false;
  /** Whether a piece of work that waited has started and its used time is not known yet. */
  #isBeginning = false;

  constructor(options: UserSchedulerOptions) {
    this.#options = {
      now: () => performance.now(),
      nextTurn: (callback) => void setImmediate(callback),
      afterPromises: (callback) => process.nextTick(callback),
      ...options,
    };
  }

  /**
   * Runs the work when it is the user's turn. Calls `onUsed` with the milliseconds for which the work blocked the event
   * loop: until it ended, or until it first waited for a later tick.
   */
  async run<Result>(user: UserId, work: () => Promise<Result>, onUsed: (ms: number) => void): Promise<Result> {
    const waits = this.#waiting.size > 0 || this.#usedMs >= this.#options.turnMs;
    if (waits) await new Promise<void>((resolve) => this.#wait(user, resolve));
    return this.measure(work, (ms) => {
      onUsed(ms);
      this.#used(ms, waits);
    });
  }

  /** Runs the work immediately, and calls `onUsed` likewise. */
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

  /** Starts pieces one at a time, so that each is measured alone. */
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
