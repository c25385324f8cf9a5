import type { RecordedEntry } from '@everywire/protocol';
import { InvariantError } from '@everywire/protocol/internal';

/**
 * The entries of a recording, gone through while a new machine does the same: inputs are performed, and with each output of the
 * machine comes the next.
 */
export class Script {
  readonly #entries: readonly RecordedEntry[];
  readonly #tell: (entry: RecordedEntry) => void;
  /** The entry to come, and how many inputs are under way. */
  #at = 0;
  #depth = 0;
  now: number;

  /** @param tell tells the machine what was recorded */
  constructor(entries: readonly RecordedEntry[], bornAt: number, tell: (entry: RecordedEntry) => void) {
    this.#entries = entries;
    this.now = bornAt;
    this.#tell = tell;
  }

  run(): void {
    for (let entry = this.#next; entry !== undefined; entry = this.#next) {
      // Where it did less than was recorded, that is what the comparison says; it goes on with the next input.
      if (entry.in === undefined || entry.depth !== undefined) this.#at += 1;
      else this.#perform(entry);
    }
  }

  /** The machine made its call; what the application did in it follows. */
  passed(): void {
    if (this.#depth === 0) return;
    this.#at += 1;
    for (let entry = this.#inner; entry !== null; entry = this.#inner) this.#perform(entry);
  }

  /** What the machine asks was answered so. */
  answered(name: string): unknown {
    const entry = this.#next;
    if (entry?.out !== name) return undefined;
    this.#at += 1;
    return entry.with?.[0];
  }

  /** Whether this is what came next. */
  took(name: string): boolean {
    if (this.#next?.out !== name) return false;
    this.#at += 1;
    return true;
  }

  /** The registry was asked, and something came of it for this session. */
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
      this.#tell(entry);
    } catch (error) {
      // What is done of it then was recorded as an input.
      if (!(error instanceof InvariantError)) throw error;
    } finally {
      this.#depth -= 1;
    }
  }
}
