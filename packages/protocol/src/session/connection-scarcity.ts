/**
 * How long requests are not held after connections were found to be scarce, in milliseconds. Doubles each time, up to
 * the maximum.
 */
const CROWDED_FIRST_MS = 30_000;
const CROWDED_MAX_MS = 300_000;
/** Two suspicions within this time count. A single one may be chance: a request was answered just when another ended. */
const SUSPECTED_MS = 30_000;
/** Time without a new finding after which the pauses start from the first again. */
const FORGOTTEN_MS = 600_000;
/** Longest pause between two polls that are not held, in milliseconds. */
export const CROWDED_POLL_MS = 2000;

/**
 * Detects that connections to the server are scarce, because other tabs use most of the six that a browser allows per
 * host. A request then waits until a held one (a poll or stream that the server keeps open) ends (SN-47). All times are
 * in milliseconds of the shell's clock.
 */
export class ConnectionScarcity {
  #until = 0;
  #ms = 0;
  #suspectedUntil = 0;

  /** Records that a request succeeded once a held one ended. @returns whether connections are now found to be scarce */
  found(now: number): boolean {
    if (this.isFull(now)) return false;
    const isSecond = now < this.#suspectedUntil;
    this.#suspectedUntil = now + SUSPECTED_MS;
    if (!isSecond) return false;
    if (now >= this.#until + FORGOTTEN_MS) this.#ms = 0;
    this.#ms = Math.min(CROWDED_MAX_MS, Math.max(CROWDED_FIRST_MS, 2 * this.#ms));
    this.#until = now + this.#ms;
    return true;
  }

  /** Returns for how many more milliseconds connections count as scarce; 0 if they do not. */
  leftMs(now: number): number {
    return Math.max(0, this.#until - now);
  }

  /** Returns whether connections count as scarce. */
  isFull(now: number): boolean {
    return now < this.#until;
  }
}
