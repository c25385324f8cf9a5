import type { RecordedEntry } from './recording.js';

/** Maximum bytes of the first and of the last entries: together 64 kB a session. */
const recordingBufferLimits = { wholeBytes: 48_000, latestBytes: 16_000 } as const;
/** Overhead of an entry in bytes in addition to its ASCII text: a string header and a place in a list. */
const ENTRY_BYTES = 32;

/**
 * Holds the first and the last entries of a recording, with a gap in between if there were too many. Holds them as
 * JSON, so that their memory can be bounded.
 */
export class RecordingBuffer {
  readonly #whole: string[] = [];
  readonly #latest: string[] = [];
  readonly #limits: { readonly wholeBytes: number; readonly latestBytes: number };
  #wholeBytes = 0;
  #latestBytes = 0;
  #isFull = false;
  #dropped = 0;

  constructor(limits: { readonly wholeBytes: number; readonly latestBytes: number } = recordingBufferLimits) {
    this.#limits = limits;
  }

  /** Number of entries dropped. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Whether an entry did not fit. From then on, all entries go to `latest`; otherwise a short entry that still fits
   * would hide the gap before it.
   */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Appends an entry. Drops the oldest of the latest entries when there are too many. */
  add(entry: RecordedEntry): void {
    const text = JSON.stringify(entry);
    const bytes = text.length + ENTRY_BYTES;
    if (this.charge(bytes)) this.#whole.push(text);
    else this.#addLatest(text, bytes);
  }

  /** Charges the recording buffer for other memory. @returns whether there was room */
  charge(bytes: number): boolean {
    this.#isFull ||= this.#wholeBytes + bytes > this.#limits.wholeBytes;
    if (!this.#isFull) this.#wholeBytes += bytes;
    return !this.#isFull;
  }

  #addLatest(text: string, bytes: number): void {
    this.#latest.push(text);
    this.#latestBytes += bytes;
    while (this.#latestBytes > this.#limits.latestBytes) {
      this.#latestBytes -= (this.#latest.shift() as string).length + ENTRY_BYTES;
      this.#dropped += 1;
    }
  }

  /** The first entries, without a gap. */
  get entries(): readonly RecordedEntry[] {
    return this.#whole.map((text) => JSON.parse(text));
  }

  /** The last entries, if there was no room for all. */
  get latest(): readonly RecordedEntry[] {
    return this.#latest.map((text) => JSON.parse(text));
  }
}
