export interface FairTurnsLimits {
  /** Pieces of work that run at once, at most one of each key. */
  readonly atOnce: number;
  /** Pieces of work of one key that wait. */
  readonly waitingPerKeyMax: number;
  /** Keys whose work waits. */
  readonly keysWaitingMax: number;
  /** Milliseconds after which half of the time that a key has used is forgotten. */
  readonly usedHalfLifeMs: number;
}

/** Time that a key has used, in milliseconds, as of `at`. */
interface Used {
  readonly ms: number;
  readonly at: number;
}

interface Running {
  readonly beganAt: number;
  /** Aborted once another key waits. */
  readonly awaited: AbortController;
}

/** Less used time than this, in milliseconds, is none: so a key that stays away is forgotten. */
const forgottenMs = 10;

/**
 * Lets one piece of work of each key run at a time. Of the keys that wait, the one that has used the least time lately is next, and the one that waits longest
 * among equals: much work of one key, or slow work, delays another key by the piece that runs.
 */
export class FairTurns<Key> {
  readonly #limits: FairTurnsLimits;
  readonly #now: () => number;
  readonly #running = new Map<Key, Running>();
  readonly #used = new Map<Key, Used>();
  /** In the order in which the keys began to wait; a key whose work has just ended goes to the end. */
  readonly #lines = new Map<Key, (() => void)[]>();

  /** `now` gives milliseconds since any moment. */
  constructor(limits: FairTurnsLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  /**
   * Returns `busy`, and runs nothing, where as much waits as the limits allow. The signal that `work` is given is aborted as soon as another key waits for
   * it to end.
   */
  async run<Result>(key: Key, work: (awaited: AbortSignal) => Promise<Result>): Promise<Result | 'busy'> {
    if (this.#running.size < this.#limits.atOnce && !this.#running.has(key)) this.#start(key);
    else {
      const place = this.#placeIn(key);
      if (place === null) return 'busy';
      await new Promise<void>((resolve) => {
        place.push(resolve);
        this.#notify();
      });
    }
    const running = this.#running.get(key);
    if (running === undefined) throw new Error('A turn that was not given.');
    try {
      return await work(running.awaited.signal);
    } finally {
      this.#end(key, running);
      this.#startNext();
    }
  }

  /** The line to wait in; `null` where it is full. */
  #placeIn(key: Key): (() => void)[] | null {
    const { waitingPerKeyMax, keysWaitingMax } = this.#limits;
    const line = this.#lines.get(key);
    if (line !== undefined) return line.length < waitingPerKeyMax ? line : null;
    if (waitingPerKeyMax === 0 || this.#lines.size >= keysWaitingMax) return null;
    const begun: (() => void)[] = [];
    this.#lines.set(key, begun);
    return begun;
  }

  #start(key: Key): void {
    this.#running.set(key, { beganAt: this.#now(), awaited: new AbortController() });
  }

  #end(key: Key, { beganAt }: Running): void {
    const at = this.#now();
    this.#running.delete(key);
    this.#used.set(key, { ms: this.#usedBy(key, at) + at - beganAt, at });
    for (const other of this.#used.keys()) if (this.#usedBy(other, at) < forgottenMs) this.#used.delete(other);
    const line = this.#lines.get(key);
    if (line === undefined) return;
    this.#lines.delete(key);
    this.#lines.set(key, line);
  }

  #usedBy(key: Key, now: number): number {
    const used = this.#used.get(key);
    return used === undefined ? 0 : used.ms * 2 ** ((used.at - now) / this.#limits.usedHalfLifeMs);
  }

  #startNext(): void {
    const at = this.#now();
    let [next, least]: [Key | null, number] = [null, Number.POSITIVE_INFINITY];
    for (const key of this.#lines.keys()) {
      const used = this.#usedBy(key, at);
      if (!this.#running.has(key) && used < least) [next, least] = [key, used];
    }
    if (next === null) return;
    const line = this.#lines.get(next) ?? [];
    const start = line.shift();
    if (line.length === 0) this.#lines.delete(next);
    this.#start(next);
    start?.();
    this.#notify();
  }

  /** Tells the work that runs where a key waits for it: one that has work under way waits for that alone. */
  #notify(): void {
    const isAwaited = [...this.#lines.keys()].some((key) => !this.#running.has(key));
    if (isAwaited) for (const { awaited } of this.#running.values()) awaited.abort();
  }
}
