import type { RecordedEntry } from './recording.js';

/** What a tape holds at most, in bytes: from the beginning on, and of what came last. Together 64 kB a session. */
const tapeLimits = { wholeBytes: 48_000, latestBytes: 16_000 } as const;
/** What an entry costs besides its text, which is ASCII: a string's head and its place in a list. */
const entryBytes = 32;

/** The entries of one recording: the first ones, then a gap where there were too many, then the last ones. Kept as JSON, so that the bound is one of memory. */
export class Tape {
  readonly #whole: string[] = [];
  readonly #latest: string[] = [];
  readonly #limits: { readonly wholeBytes: number; readonly latestBytes: number };
  #wholeBytes = 0;
  #latestBytes = 0;
  #isFull = false;
  #dropped = 0;

  constructor(limits: { readonly wholeBytes: number; readonly latestBytes: number } = tapeLimits) {
    this.#limits = limits;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** Once one had no room, all that follow are the last ones: a shorter one would stand behind a gap that nobody sees. */
  get isFull(): boolean {
    return this.#isFull;
  }

  add(entry: RecordedEntry): void {
    const text = JSON.stringify(entry);
    const bytes = text.length + entryBytes;
    if (this.charge(bytes)) this.#whole.push(text);
    else this.#addLatest(text, bytes);
  }

  /** Something else is kept for it. @returns whether there was room */
  charge(bytes: number): boolean {
    this.#isFull ||= this.#wholeBytes + bytes > this.#limits.wholeBytes;
    if (!this.#isFull) this.#wholeBytes += bytes;
    return !this.#isFull;
  }

  #addLatest(text: string, bytes: number): void {
    this.#latest.push(text);
    this.#latestBytes += bytes;
    while (this.#latestBytes > this.#limits.latestBytes) {
      this.#latestBytes -= (this.#latest.shift() as string).length + entryBytes;
      this.#dropped += 1;
    }
  }

  get entries(): readonly RecordedEntry[] {
    return this.#whole.map((text) => JSON.parse(text));
  }

  get latest(): readonly RecordedEntry[] {
    return this.#latest.map((text) => JSON.parse(text));
  }
}
