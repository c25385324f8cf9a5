import { isKeyedCommand, isQuery, type Request, type UserId } from '@everywire/chat';
import type { ChatServerLimits } from './limits.js';
import { PersonTurns } from './person-turns.js';
import { TokenBuckets } from './token-buckets.js';
import { Turns } from './turns.js';

type PaceLimits = Pick<
  ChatServerLimits,
  | ('commandsAtOnce' | 'commandRefillMs' | 'workMsAtOnce' | 'workRefillMs')
  | (
      | 'turnMs'
      | 'restTurns'
      | 'changesAtOnce'
      | 'namedPersonMs'
      | 'toldPersonMs'
      | 'fanOutBytesPerMs'
      | 'attemptKeysMax'
      | 'longRequestCharacters'
    )
>;

/**
 * What one person may ask of this node by all their sessions and REST together: so many requests, and so many milliseconds in which the event loop does
 * nothing else. What holds it up long is done in turns with what others ask.
 */
export class PersonPace {
  readonly #limits: PaceLimits;
  readonly #now: () => number;
  readonly #requests: TokenBuckets;
  readonly #work: TokenBuckets;
  readonly #turns: PersonTurns;
  #isStopped = false;
  /** Changes of each person that run or wait. */
  readonly #lines = new Map<UserId, Turns>();

  /** `now` gives milliseconds since any moment. */
  constructor(limits: PaceLimits, now: () => number = () => performance.now()) {
    const { commandsAtOnce, commandRefillMs, workMsAtOnce, workRefillMs, attemptKeysMax: keysMax } = limits;
    this.#limits = limits;
    this.#now = now;
    this.#requests = new TokenBuckets({ capacity: commandsAtOnce, refillMs: commandRefillMs, keysMax });
    this.#work = new TokenBuckets({ capacity: workMsAtOnce, refillMs: workRefillMs, keysMax });
    this.#turns = new PersonTurns({ turnMs: limits.turnMs, restTurns: limits.restTurns, now });
  }

  /** From now on nobody waits: the process is about to end, and who waited would hold up everybody. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Returns 0, or the milliseconds to wait until the person may ask again; then nothing was spent. */
  begin(user: UserId): number {
    if (this.#isStopped) return 0;
    const now = this.#now();
    return this.#work.wait(String(user), now) || this.#requests.spend(String(user), now);
  }

  /** Parses a message that `begin` let pass, of so many characters. A long one takes its turn and is charged to the person, also where it is no request. */
  parse<Result>(user: UserId, characters: number, parse: () => Result): Result | Promise<Result> {
    if (characters <= this.#limits.longRequestCharacters) return parse();
    return this.#turns.run(
      user,
      async () => parse(),
      (ms) => this.#work.charge(String(user), this.#now(), ms),
    );
  }

  /** Runs a request that `begin` let pass, and charges the person for it. */
  async run<Result>(user: UserId, request: Request, work: () => Promise<Result>): Promise<Result> {
    const charge = (ms: number): void => this.#work.charge(String(user), this.#now(), ms);
    if (takesTurn(request)) return this.#turns.run(user, work, charge);
    if (!isKeyedCommand(request)) return this.#turns.measure(work, charge);
    const named = 'users' in request ? request.users.length : 0;
    // Most of it happens in the commit, where changes of several people are written together.
    charge(named * this.#limits.namedPersonMs);
    return this.#inLine(user, () =>
      named > 0 ? this.#turns.run(user, work, charge) : this.#turns.measure(work, charge),
    );
  }

  /** Charges a person for others who are told of a change, and for the bytes that were sent to those who are online. */
  chargeFanOut(user: UserId, people: number, bytes: number): void {
    const { toldPersonMs, fanOutBytesPerMs } = this.#limits;
    this.#work.charge(String(user), this.#now(), people * toldPersonMs + bytes / fanOutBytesPerMs);
  }

  async #inLine<Result>(user: UserId, work: () => Promise<Result>): Promise<Result> {
    const line = this.#lines.get(user) ?? new Turns(this.#limits.changesAtOnce);
    this.#lines.set(user, line);
    try {
      return await line.run(work);
    } finally {
      if (line.isIdle) this.#lines.delete(user);
    }
  }
}

/** Whether a request reads much, all within one turn of the event loop. */
function takesTurn(request: Request): boolean {
  return isQuery(request) || request.command === 'watch' || request.command === 'watchPresence';
}
