import type { SearchPosition } from '@everywire/chat';

/** Where a walk stood when its answer was given. */
export interface Standing {
  /** What is left of each conversation, in the order of a `PositionHeap`; the sequence is infinite where no place was looked for yet. */
  readonly trails: readonly SearchPosition[];
  /** Found beyond the end of the answer, the newest first. */
  readonly found: readonly SearchPosition[];
}

interface Kept {
  readonly standing: Standing;
  readonly size: number;
  /** Whose answer it goes on from: of no use to anybody who has come here. */
  readonly before: string;
  call: number;
}

/** Calls for which a walk that was just used is not forgotten for another's sake, or of many who search each could undo what the others did. */
const CALLS_SPARED = 32;

/**
 * Where walks stood, under the name of the question that goes on from there, so that going on costs no more than beginning. What is lost (another
 * thread, no room) costs time and never a result. Those used longest ago are forgotten first.
 */
export class KeptWalks {
  readonly #max: number;
  readonly #kept = new Map<string, Kept>();
  #size = 0;
  #call = 0;

  /** @param max positions in all */
  constructor(max: number) {
    this.#max = max;
  }

  /** It stays: the same may be asked again when an answer was lost or too large. */
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

  /** False where there is no room. */
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
