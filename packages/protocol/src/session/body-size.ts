const never = Number.POSITIVE_INFINITY;

/** Content that a body is never asked to do with less than: about what its own head takes. */
const leastBytes = 256;
/** What a message takes in a body beside its content. */
const besideBytes = 3;
/**
 * A larger body is tried again after so many milliseconds: longer where the answer said why, because a cut may have had another reason;
 * twice as long after each time, up to the longest.
 */
const againFirstMs = { told: 30_000, cut: 2000 } as const;
const againMaxMs = 300_000;
/** So many of the least in a row may fail for another reason. */
const failuresMax = 3;

/** What a message of this length takes in a body. */
export function bytesInBody(byteLength: number): number {
  return byteLength + besideBytes;
}

/**
 * How much a body may bring on this network: something on the way may refuse the larger ones, by 413 or by a cut (SN-46). It learns
 * from what came of each body, and knows nothing of what is in them.
 */
export class BodySize {
  #most: number = never;
  /** The largest that passed, until one of that size fails; what was refused last for its size. */
  #passed = 0;
  #refused: number = never;
  /** Failures in a row. */
  #failures = 0;
  #stuckSince: number | null = null;
  #stuckBytes = 0;
  #isTold = false;
  #againAt = 0;
  #againMs = 0;

  /** Bytes of content the next body may bring; `Infinity` where nothing was refused. */
  get most(): number {
    return this.#most;
  }

  /** The same where a larger one was certainly refused: worth knowing the next time. */
  get known(): number | undefined {
    return this.#refused < never ? this.#most : undefined;
  }

  /** Something larger was refused, or the last one did not pass: what need not bring anything then does not. */
  get isLearning(): boolean {
    return this.#failures > 0 || this.#most < never;
  }

  /** Since when nothing passes, however little it is; `null` where something may. */
  get stuckSince(): number | null {
    return this.#stuckSince;
  }

  /** So much the last of these brought; and whether an answer said that it is too large. */
  get stuckBytes(): number {
    return this.#stuckBytes;
  }

  get isTold(): boolean {
    return this.#isTold;
  }

  /** Begins with what is known of this network: so much passes, or nothing was refused. */
  assume(most: number | undefined, now: number): void {
    this.#most = this.#passed = this.#refused = Math.max(leastBytes, most ?? never);
    this.#againAt = now + againFirstMs.told;
  }

  passed(bytes: number, now: number): void {
    const most = this.#most;
    this.#failures = 0;
    this.#stuckSince = null;
    this.#passed = Math.max(this.#passed, bytes);
    if (bytes > this.#refused) {
      this.#refused = never;
      this.#againMs = 0;
    }
    // What was not full says nothing of a larger one.
    if (most === never || bytes * 2 < most) return;
    const isOver = now >= this.#againAt;
    const next = Math.floor(Math.min(2 * most, (most + (isOver ? never : this.#refused)) / 2));
    // Nearer than that it is not worth another refusal.
    if (next > most * 1.1) this.#most = next;
    if (isOver && this.#refused === never) this.#most = never;
  }

  /**
   * @param tooLarge the answer said so. Without an answer it is believed at the second time in a row.
   * @param missed it was answered, and the server did not take it: believed at once, though it may have had another reason
   */
  failed(bytes: number, tooLarge: boolean, now: number, missed: boolean = false): void {
    this.#failures += 1;
    if (bytes <= leastBytes) {
      if (tooLarge || this.#failures > failuresMax) this.#stuckSince ??= now;
      this.#stuckBytes = bytes;
      this.#isTold = tooLarge;
      return;
    }
    if (!tooLarge && !missed && this.#failures % 2 > 0) return;
    // A cut right after a smaller one had passed is of the size; any other may be of the network.
    const isNews = bytes > this.#passed;
    if (tooLarge || (isNews && this.#passed > 0)) this.#refused = bytes;
    if (!isNews) this.#passed = 0;
    this.#most = Math.max(leastBytes, this.#passed, Math.floor(bytes / (tooLarge || missed ? 2 : 8)));
    if (now >= this.#againAt)
      this.#againMs = Math.min(againMaxMs, Math.max(2 * this.#againMs, againFirstMs[tooLarge ? 'told' : 'cut']));
    this.#againAt = now + this.#againMs;
  }
}
