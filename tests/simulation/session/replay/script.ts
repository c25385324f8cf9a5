import type { RecordedEntry } from '@everywire/protocol';
import { InvariantError } from '@everywire/protocol/internal';

/**
 * Steps through the entries of a recording while a new machine is driven by them: inputs are performed, and each output
 * of the machine advances to the next entry.
 */
export class Script {
  readonly #entries: readonly RecordedEntry[];
  readonly #feed: (entry: RecordedEntry) => void;
  /** The next entry, and how many inputs are in progress. */
  #at = 0;
  #depth = 0;
  now: number;

  /** @param feed feeds a recorded input to the machine */
  constructor(entries: readonly RecordedEntry[], bornAt: number, feed: (entry: RecordedEntry) => void) {
    this.#entries = entries;
    this.now = bornAt;
    this.#feed = feed;
  }

  run(): void {
    for (let entry = this.#next; entry !== undefined; entry = this.#next) {
      // If the machine did less than was recorded, the comparison reports it; the script resumes at the next input.
      if (entry.in === undefined || entry.depth !== undefined) this.#at += 1;
      else this.#perform(entry);
    }
  }

  /** Called when the machine made its call; what the application did within it follows. */
  passed(): void {
    if (this.#depth === 0) return;
    this.#at += 1;
    for (let entry = this.#inner; entry !== null; entry = this.#inner) this.#perform(entry);
  }

  /** Returns the recorded answer to a query of the machine. */
  answered(name: string): unknown {
    const entry = this.#next;
    if (entry?.out !== name) return undefined;
    this.#at += 1;
    return entry.with?.[0];
  }

  /** Returns whether this is the next entry. */
  took(name: string): boolean {
    if (this.#next?.out !== name) return false;
    this.#at += 1;
    return true;
  }

  /** Called when the registry was queried, with a result for this session. */
  asked(): void {
    while (this.took('asked')) {
      const entry = this.#inner;
      if (entry !== null) this.#perform(entry);
    }
  }

  get #next(): RecordedEntry | undefined {
    return this.#entries[this.#at];
  }

  get #inner(): RecordedEntry | null {
    const entry = this.#next;
    return entry?.in !== undefined && entry.depth === this.#depth ? entry : null;
  }

  #perform(entry: RecordedEntry): void {
    this.#at += 1;
    this.#depth += 1;
    this.now = entry.at as number;
    try {
      this.#feed(entry);
    } catch (error) {
      // Its handling was recorded as an input.
      if (!(error instanceof InvariantError)) throw error;
    } finally {
      this.#depth -= 1;
    }
  }
}
