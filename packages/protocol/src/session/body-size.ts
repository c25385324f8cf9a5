const NEVER = Number.POSITIVE_INFINITY;

/**
 * The smallest content limit of a body (an HTTP request with messages), in bytes: about the size of the body's own
 * head.
 */
const LEAST_BYTES = 256;
/** Overhead of a message in a body, in bytes. */
const OVERHEAD_BYTES = 3;
/**
 * Pauses in milliseconds before a larger body is tried again. Longer after an answer that stated the reason, because a
 * cut may have had another cause. The pause doubles each time, up to the maximum.
 */
const againFirstMs = { refused: 30_000, cut: 2000 } as const;
const AGAIN_MAX_MS = 300_000;
/**
 * The number of failures, and the time, after which even the smallest bodies are considered blocked. Fewer failures may
 * have other causes.
 */
const FAILURES_MAX = 3;
const STUCK_AFTER_MS = 4000;
/** Maximum JSON characters per byte, for a control character. */
const ESCAPED_MAX = 6;

/** Returns the bytes that a message of this length takes in a body. */
export function bytesInBody(byteLength: number): number {
  return byteLength + OVERHEAD_BYTES;
}

/**
 * Learns how much content a body (an HTTP request with messages) may carry on this network. An intermediary may refuse
 * larger bodies by the status 413 or by cutting the connection (SN-46). Uses only the sizes and outcomes of bodies.
 */
export class BodySize {
  #most: number = NEVER;
  /** The largest size that passed, reset when that size fails; and the size refused last. */
  #passed = 0;
  #refused: number = NEVER;
  /** Consecutive failures, when they began, and consecutive failures of the smallest size. */
  #failures = 0;
  #failingSince = 0;
  #leastFailures = 0;
  /**
   * Size of the last failure attributed to size, and whether an answer stated so. The pauses grow until as much passes.
   */
  #feared: number = NEVER;
  #isWarned = false;
  #stuckSince: number | null = null;
  #stuckBytes = 0;
  #isStated = false;
  #againAt = 0;
  #againMs = 0;

  /** The most bytes of content for the next body; `Infinity` if nothing was refused. */
  get most(): number {
    return this.#most;
  }

  /** The limit for whole messages. After the smallest size failed, it leaves room for the growth of JSON escapes. */
  get mostWhole(): number {
    return this.#isLeastRefused ? LEAST_BYTES / ESCAPED_MAX : this.#most;
  }

  /** Whether the smallest size was refused: once by an answer, or twice by cuts. */
  get #isLeastRefused(): boolean {
    return this.#leastFailures > (this.#isStated ? 0 : 1);
  }

  /** The size to remember for this network: a size that passed where a larger one was certainly refused. */
  get known(): number | undefined {
    return this.#refused < NEVER ? Math.max(LEAST_BYTES, Math.min(this.#most, this.#passed)) : undefined;
  }

  /** Whether a size was refused or the last body failed. Then optional content is left out. */
  get isLearning(): boolean {
    return this.#failures > 0 || this.#most < NEVER;
  }

  /** Since when nothing passes, however small; `null` if something may pass. */
  get stuckSince(): number | null {
    return this.#stuckSince;
  }

  /** The content of the body that failed last while nothing passes, in bytes. */
  get stuckBytes(): number {
    return this.#stuckBytes;
  }

  /** Whether an answer stated that the last failure was due to size. */
  get isStated(): boolean {
    return this.#isStated;
  }

  /** Starts with the known limit of this network; `undefined` if nothing was refused there. */
  assume(most: number | undefined, now: number): void {
    this.#most = this.#passed = this.#refused = this.#feared = Math.max(LEAST_BYTES, most ?? NEVER);
    this.#isWarned = most !== undefined;
    this.#againAt = most === undefined ? 0 : now + againFirstMs.refused;
    this.#againMs = 0;
    this.freed();
  }

  /** Resets the failures, because bodies pass again or are no longer needed. */
  freed(): void {
    this.#failures = this.#leastFailures = 0;
    this.#stuckSince = null;
  }

  /** Records that a body with `bytes` of content passed, and possibly raises the limit. */
  passed(bytes: number, now: number): void {
    const most = this.#most;
    this.freed();
    this.#passed = Math.max(this.#passed, bytes);
    if (bytes > this.#refused) this.#refused = NEVER;
    if (bytes >= this.#feared && this.#refused === NEVER) {
      this.#feared = NEVER;
      this.#againMs = 0;
    }
    const isOver = now >= this.#againAt;
    // A limit learnt from a cut may have been a network failure, so it expires by time alone.
    if (isOver && !this.#isWarned) this.#most = this.#refused = NEVER;
    // A body far below the limit says nothing about larger ones.
    if (this.#most === NEVER || bytes * 2 < most) return;
    const next = Math.floor(Math.min(2 * most, (most + (isOver ? NEVER : this.#refused)) / 2));
    // A smaller step is not worth another refusal.
    if (next > most * 1.1) this.#most = next;
    if (isOver && this.#refused === NEVER) this.#most = NEVER;
  }

  /**
   * Records that a body failed, and possibly lowers the limit.
   *
   * @param tooLarge the answer said so. A failure without an answer counts only at the second time in a row.
   * @param missed it was answered, but the server did not receive it: counts immediately, though the cause may be
   *   another
   */
  failed(bytes: number, tooLarge: boolean, now: number, missed: boolean = false): void {
    if (this.#failures === 0) this.#failingSince = now;
    this.#failures += 1;
    if (bytes <= LEAST_BYTES) {
      this.#leastFailed(bytes, tooLarge, now);
      return;
    }
    if (!tooLarge && !missed && this.#failures % 2 > 0) return;
    // A cut of a larger body after a smaller one passed is due to its size; any other may be due to the network.
    const isNews = bytes > this.#passed;
    if (tooLarge || (isNews && this.#passed > 0)) this.#refused = bytes;
    if (!isNews) this.#passed = 0;
    this.#most = Math.max(LEAST_BYTES, this.#passed, Math.floor(bytes / (tooLarge || missed ? 2 : 8)));
    this.#feared = bytes;
    this.#wait(tooLarge, now);
  }

  #leastFailed(bytes: number, tooLarge: boolean, now: number): void {
    this.#leastFailures += 1;
    const isLong = this.#failures > FAILURES_MAX && now >= this.#failingSince + STUCK_AFTER_MS;
    // The first failure may have been due to JSON escapes.
    if (isLong || (tooLarge && this.#leastFailures > 1)) this.#stuckSince ??= now;
    this.#stuckBytes = bytes;
    this.#isStated = tooLarge;
  }

  /**
   * Starts the pause before more is tried again. Does not prolong a running pause, unless an answer stated the reason.
   */
  #wait(tooLarge: boolean, now: number): void {
    const isWaiting = now < this.#againAt && (this.#isWarned || !tooLarge);
    if (isWaiting) return;
    this.#isWarned = tooLarge;
    this.#againMs = Math.min(AGAIN_MAX_MS, Math.max(2 * this.#againMs, againFirstMs[tooLarge ? 'refused' : 'cut']));
    this.#againAt = now + this.#againMs;
  }
}
