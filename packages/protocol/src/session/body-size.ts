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
/** So many of the least in a row, and for so long, may fail for another reason. */
const failuresMax = 3;
const stuckAfterMs = 4000;
/** JSON may write a byte as so many: a control character. */
const escapedMax = 6;

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
  /** Failures in a row, since when, and those of the least in a row. */
  #failures = 0;
  #failingSince = 0;
  #leastFailures = 0;
  /** What failed last, as it seems for its size; and whether an answer said so. Until as much passes, the pauses grow. */
  #feared: number = never;
  #isFearTold = false;
  #stuckSince: number | null = null;
  #stuckBytes = 0;
  #isTold = false;
  #againAt = 0;
  #againMs = 0;

  /** Bytes of content the next body may bring; `Infinity` where nothing was refused. */
  get most(): number {
    return this.#most;
  }

  /** The same for messages as they are: after the least has failed, no more than cannot be longer in JSON. */
  get mostWhole(): number {
    return this.#isLeastRefused ? leastBytes / escapedMax : this.#most;
  }

  /** A cut is believed at the second time. */
  get #isLeastRefused(): boolean {
    return this.#leastFailures > (this.#isTold ? 0 : 1);
  }

  /** So much passed where a larger one was certainly refused: worth knowing the next time. */
  get known(): number | undefined {
    return this.#refused < never ? Math.max(leastBytes, Math.min(this.#most, this.#passed)) : undefined;
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
    this.#most = this.#passed = this.#refused = this.#feared = Math.max(leastBytes, most ?? never);
    this.#isFearTold = most !== undefined;
    this.#againAt = most === undefined ? 0 : now + againFirstMs.told;
    this.#againMs = 0;
    this.freed();
  }

  /** Bodies pass again, or need not: what went by them goes another way. */
  freed(): void {
    this.#failures = this.#leastFailures = 0;
    this.#stuckSince = null;
  }

  passed(bytes: number, now: number): void {
    const most = this.#most;
    this.freed();
    this.#passed = Math.max(this.#passed, bytes);
    if (bytes > this.#refused) this.#refused = never;
    if (bytes >= this.#feared && this.#refused === never) {
      this.#feared = never;
      this.#againMs = 0;
    }
    const isOver = now >= this.#againAt;
    // What a cut taught may have been the network: time alone ends it.
    if (isOver && !this.#isFearTold) this.#most = this.#refused = never;
    // What was not full says nothing of a larger one.
    if (this.#most === never || bytes * 2 < most) return;
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
    if (this.#failures === 0) this.#failingSince = now;
    this.#failures += 1;
    if (bytes <= leastBytes) {
      this.#leastFailed(bytes, tooLarge, now);
      return;
    }
    if (!tooLarge && !missed && this.#failures % 2 > 0) return;
    // A cut right after a smaller one had passed is of the size; any other may be of the network.
    const isNews = bytes > this.#passed;
    if (tooLarge || (isNews && this.#passed > 0)) this.#refused = bytes;
    if (!isNews) this.#passed = 0;
    this.#most = Math.max(leastBytes, this.#passed, Math.floor(bytes / (tooLarge || missed ? 2 : 8)));
    this.#feared = bytes;
    this.#wait(tooLarge, now);
  }

  #leastFailed(bytes: number, tooLarge: boolean, now: number): void {
    this.#leastFailures += 1;
    const isLong = this.#failures > failuresMax && now >= this.#failingSince + stuckAfterMs;
    // The first may have been messages that JSON makes longer.
    if (isLong || (tooLarge && this.#leastFailures > 1)) this.#stuckSince ??= now;
    this.#stuckBytes = bytes;
    this.#isTold = tooLarge;
  }

  /** Until more is tried again. A wait that has begun is not made longer by what fails meanwhile, unless an answer says why. */
  #wait(tooLarge: boolean, now: number): void {
    const isWaiting = now < this.#againAt && (this.#isFearTold || !tooLarge);
    if (isWaiting) return;
    this.#isFearTold = tooLarge;
    this.#againMs = Math.min(againMaxMs, Math.max(2 * this.#againMs, againFirstMs[tooLarge ? 'told' : 'cut']));
    this.#againAt = now + this.#againMs;
  }
}
