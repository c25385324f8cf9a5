import type { SearchPosition } from '@everywire/chat';

/** The state of a search at the end of an answer, from which the query for the next answer continues. */
export interface Standing {
  /**
   * The position in each conversation that is not finished, in the order of a `PositionHeap`. The sequence is infinite
   * if the position has not been determined yet.
   */
  readonly trails: readonly SearchPosition[];
  /** The hits that were found beyond the end of the answer, newest first. */
  readonly found: readonly SearchPosition[];
}

interface CachedState {
  readonly standing: Standing;
  readonly size: number;
  /** The name of the state that this one continues. That state is obsolete once this one is used. */
  readonly before: string;
  call: number;
}

/**
 * The number of calls for which a used state is not evicted. Otherwise many concurrent searches could evict the states
 * of each other.
 */
const CALLS_SPARED = 32;

/**
 * Caches the states of searches by the name of the query that continues, so that continuing a search is as cheap as
 * beginning one. A missing state (after an eviction or in a new thread) costs time but never a result. Evicts the
 * states that were not used for the longest time.
 */
export class SearchStateCache {
  readonly #max: number;
  readonly #kept = new Map<string, CachedState>();
  #size = 0;
  #call = 0;

  /** @param max the most cached positions in all states */
  constructor(max: number) {
    this.#max = max;
  }

  /** Returns a state; `null` if it is missing. The state stays cached, because a client may repeat its query. */
  find(name: string): Standing | null {
    this.#call += 1;
    const kept = this.#kept.get(name);
    if (kept === undefined) return null;
    if (kept.before !== name) this.#forget(kept.before);
    kept.call = this.#call;
    this.#kept.delete(name);
    this.#kept.set(name, kept);
    return kept.standing;
  }

  /** Caches a state that continues the state `before`; returns `false` if there is no room. */
  keep(name: string, standing: Standing, before: string): boolean {
    this.#forget(name);
    const size = standing.trails.length + standing.found.length + 1;
    if (size > this.#max) return false;
    for (const [oldest, { call }] of this.#kept) {
      if (this.#size + size <= this.#max) break;
      if (this.#call - call < CALLS_SPARED) return false;
      this.#forget(oldest);
    }
    this.#kept.set(name, { standing, size, before, call: this.#call });
    this.#size += size;
    return true;
  }

  #forget(name: string): void {
    this.#size -= this.#kept.get(name)?.size ?? 0;
    this.#kept.delete(name);
  }
}
