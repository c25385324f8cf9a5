/** Limits of `FairQueue`. */
export interface FairQueueLimits {
  /** Maximum pieces of work that run concurrently. At most one of each key runs. */
  readonly atOnce: number;
  /** Maximum pieces of work of one key that wait. */
  readonly waitingPerKeyMax: number;
  /** Maximum keys whose work waits. */
  readonly keysWaitingMax: number;
  /** Half-life, in milliseconds, of the time that a key has used. */
  readonly usedHalfLifeMs: number;
}

/** The milliseconds that a key has used, decayed until the time `at`. */
interface Used {
  readonly ms: number;
  readonly at: number;
}

/** Work in progress. `beganAt`: by the queue's clock, in milliseconds. */
interface Running {
  readonly beganAt: number;
  /** Aborted once another key waits for this work to end. */
  readonly awaited: AbortController;
}

/** A used time below this many milliseconds counts as zero, and the key is dropped. */
const FORGOTTEN_MS = 10;

/**
 * Schedules work fairly between keys, one piece of each key at a time. The waiting key with the least recently used
 * time runs next; ties go to the key that has waited longest. Much work of one key therefore delays another key by at
 * most the one piece that is running.
 */
export class FairQueue<Key> {
  readonly #limits: FairQueueLimits;
  readonly #now: () => number;
  readonly #running = new Map<Key, Running>();
  readonly #used = new Map<Key, Used>();
  /** The queues, in the order in which the keys began to wait. A key whose work has just ended moves to the end. */
  readonly #lines = new Map<Key, (() => void)[]>();

  /** `now` returns milliseconds since any fixed moment. */
  constructor(limits: FairQueueLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  /**
   * Runs `work` when its turn comes. Returns `busy` without running it if the limits of waiting work are reached.
   * Aborts the signal passed to `work` as soon as another key waits for it to end.
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
    if (running === undefined) throw new Error('FairQueue: work was resumed without being started.');
    try {
      return await work(running.awaited.signal);
    } finally {
      this.#end(key, running);
      this.#startNext();
    }
  }

  /** Returns the queue of the key; `null` if it is full. */
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
    for (const other of this.#used.keys()) if (this.#usedBy(other, at) < FORGOTTEN_MS) this.#used.delete(other);
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

  /**
   * Aborts the signals of all running work if some key waits for it. A key whose own work is running does not count,
   * because it only waits for its own work.
   */
  #notify(): void {
    const isAwaited = [...this.#lines.keys()].some((key) => !this.#running.has(key));
    if (isAwaited) for (const { awaited } of this.#running.values()) awaited.abort();
  }
}
