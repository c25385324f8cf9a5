import type { SearchPosition } from '@everywire/chat';

/** The state of a search when its answer was returned. */
export interface Standing {
  /**
   * The rest of each conversation, in the order of a `PositionHeap`; the sequence is infinite if its position was not
   * determined yet.
   */
  readonly trails: readonly SearchPosition[];
  /** Hits beyond the end of the answer, newest first. */
  readonly found: readonly SearchPosition[];
}

interface Kept {
  readonly standing: Standing;
  readonly size: number;
  /** Name of the state that it continues, which is obsolete now. */
  readonly before: string;
  call: number;
}

/**
 * Calls for which a recently used state is not evicted; otherwise many concurrent searches could evict each other's.
 */
const CALLS_SPARED = 32;

/**
 * Caches states of searches by the name of the continuing query, so that continuing is as cheap as beginning. A lost
 * state (another thread, no room) costs time but never a result. Evicts those used longest ago.
 */
export class SearchStateCache {
  readonly #max: number;
  readonly #kept = new Map<string, Kept>();
  #size = 0;
  #call = 0;

  /** @param max total number of cached positions */
  constructor(max: number) {
    this.#max = max;
  }

  /** Returns a state and keeps it: the query may be repeated if an answer was lost or too large. */
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

  /** Caches a state; returns false if there is no room. */
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
