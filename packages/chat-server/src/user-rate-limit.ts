import { isKeyedCommand, isQuery, type Request, type UserId } from '@everywire/chat';
import { ConcurrencyLimiter } from './concurrency-limiter.js';
import type { ChatServerLimits } from './limits.js';
import { TokenBuckets } from './token-buckets.js';
import { UserScheduler } from './user-scheduler.js';

type RateLimits = Pick<
  ChatServerLimits,
  | ('commandsAtOnce' | 'commandRefillMs' | 'workMsAtOnce' | 'workRefillMs')
  | (
      | 'turnMs'
      | 'restTurns'
      | 'changesAtOnce'
      | 'namedPersonMs'
      | 'notifiedPersonMs'
      | 'fanOutBytesPerMs'
      | 'attemptKeysMax'
      | 'longRequestCharacters'
    )
>;

/**
 * Limits what one user may request of this node over all sessions and REST: the number of requests, and the
 * milliseconds for which they block the event loop. Long work takes turns with that of other users.
 */
export class UserRateLimit {
  readonly #limits: RateLimits;
  readonly #now: () => number;
  readonly #requests: TokenBuckets;
  readonly #work: TokenBuckets;
  readonly #turns: UserScheduler;
  #isStopped = false;
  /** Changes that run or wait, by user. */
  readonly #lines = new Map<UserId, ConcurrencyLimiter>();

  /** `now` returns milliseconds since any fixed moment. */
  constructor(limits: RateLimits, now: () => number = () => performance.now()) {
    const { commandsAtOnce, commandRefillMs, workMsAtOnce, workRefillMs, attemptKeysMax: keysMax } = limits;
    this.#limits = limits;
    this.#now = now;
    this.#requests = new TokenBuckets({ capacity: commandsAtOnce, refillMs: commandRefillMs, keysMax });
    this.#work = new TokenBuckets({ capacity: workMsAtOnce, refillMs: workRefillMs, keysMax });
    this.#turns = new UserScheduler({ turnMs: limits.turnMs, restTurns: limits.restTurns, now });
  }

  /** Lifts all limits, because the process is about to end and waiting users would delay it. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Returns 0, or the milliseconds to wait before retrying; then nothing was spent. */
  begin(user: UserId): number {
    if (this.#isStopped) return 0;
    const now = this.#now();
    return this.#work.wait(String(user), now) || this.#requests.spend(String(user), now);
  }

  /**
   * Parses a message of the given length that `begin` admitted. A long one takes its turn and is charged to the user,
   * even if it is invalid.
   */
  parse<Result>(user: UserId, characters: number, parse: () => Result): Result | Promise<Result> {
    if (characters <= this.#limits.longRequestCharacters) return parse();
    return this.#turns.run(
      user,
      async () => parse(),
      (ms) => this.#work.charge(String(user), this.#now(), ms),
    );
  }

  /** Runs a request that `begin` admitted, and charges the user for it. */
  async run<Result>(user: UserId, request: Request, work: () => Promise<Result>): Promise<Result> {
    const charge = (ms: number): void => this.#work.charge(String(user), this.#now(), ms);
    if (takesTurn(request)) return this.#turns.run(user, work, charge);
    if (!isKeyedCommand(request)) return this.#turns.measure(work, charge);
    const named = 'users' in request ? request.users.length : 0;
    // Most of the work happens in the commit, which writes changes of several users together.
    charge(named * this.#limits.namedPersonMs);
    return this.#inLine(user, () =>
      named > 0 ? this.#turns.run(user, work, charge) : this.#turns.measure(work, charge),
    );
  }

  /** Charges a user for the others who are notified of a change, and for the bytes sent to those who are online. */
  chargeFanOut(user: UserId, people: number, bytes: number): void {
    const { notifiedPersonMs, fanOutBytesPerMs } = this.#limits;
    this.#work.charge(String(user), this.#now(), people * notifiedPersonMs + bytes / fanOutBytesPerMs);
  }

  async #inLine<Result>(user: UserId, work: () => Promise<Result>): Promise<Result> {
    const line = this.#lines.get(user) ?? new ConcurrencyLimiter(this.#limits.changesAtOnce);
    this.#lines.set(user, line);
    try {
      return await line.run(work);
    } finally {
      if (line.isIdle) this.#lines.delete(user);
    }
  }
}

/** Returns whether a request may read much within one event-loop tick. */
function takesTurn(request: Request): boolean {
  return isQuery(request) || request.command === 'watch' || request.command === 'watchPresence';
}
