import type { RecordedEntry } from '@everywire/protocol';
import { InvariantError } from '@everywire/protocol/internal';

/**
 * Steps through the entries of a recording to replay it. Performs each recorded input on a new session. Each output of
 * that session advances to the next entry. An input may be nested in an output, because an application may act when it
 * is called; `depth` counts this.
 */
export class Script {
  readonly #entries: readonly RecordedEntry[];
  readonly #feed: (entry: RecordedEntry) => void;
  /** Index of the next entry. */
  #at = 0;
  /** How many inputs are in progress. */
  #depth = 0;
  /** Recorded time of the last input. */
  now: number;

  /** @param feed feeds a recorded input to the machine */
  constructor(entries: readonly RecordedEntry[], bornAt: number, feed: (entry: RecordedEntry) => void) {
    this.#entries = entries;
    this.now = bornAt;
    this.#feed = feed;
  }

  /** Performs all inputs. */
  run(): void {
    for (let entry = this.#next; entry !== undefined; entry = this.#next) {
      // The new session made fewer calls than were recorded. Skips the missing ones; the comparison reports them.
      if (entry.in === undefined || entry.depth !== undefined) this.#at += 1;
      else this.#perform(entry);
    }
  }

  /** Called for each output. Performs the inputs that the application made during this output. */
  passed(): void {
    if (this.#depth === 0) return;
    this.#at += 1;
    for (let entry = this.#inner; entry !== null; entry = this.#inner) this.#perform(entry);
  }

  /** Returns the recorded answer to a query of the session; `undefined` if another entry was recorded here. */
  answered(name: string): unknown {
    const entry = this.#next;
    if (entry?.out !== name) return undefined;
    this.#at += 1;
    return entry.with?.[0];
  }

  /** Returns whether the next entry is an output of this name, and skips it. */
  took(name: string): boolean {
    if (this.#next?.out !== name) return false;
    this.#at += 1;
    return true;
  }

  /** Called when the session makes a call whose effects were recorded as `asked`. Performs the inputs that followed from it. */
  asked(): void {
    while (this.took('asked')) {
      const entry = this.#inner;
      if (entry !== null) this.#perform(entry);
    }
  }

  get #next(): RecordedEntry | undefined {
    return this.#entries[this.#at];
  }

  /** The next entry if it is an input nested at the current depth; `null` otherwise. */
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
      // An internal error ended the recorded session. The recording has this as an input.
      if (!(error instanceof InvariantError)) throw error;
    } finally {
      this.#depth -= 1;
    }
  }
}
