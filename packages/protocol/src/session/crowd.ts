/** How long requests are not held after they were found to be in each other's way, the first time; twice as long each time, up to the longest. */
const crowdedFirstMs = 30_000;
const crowdedMaxMs = 300_000;
/** One request may be answered just when another ends; two within this time are no chance. */
const suspectedMs = 30_000;
/** After so long without another the pauses begin anew. */
const forgottenMs = 600_000;
/** Longest pause between two polls that are not held. */
export const crowdedPollMs = 2000;

/**
 * Whether connections to the server are so few that a request waits until one that is held has ended: of a browser's six for a host the
 * other tabs may hold five (SN-47). Milliseconds of the shell's clock.
 */
export class Crowd {
  #until = 0;
  #ms = 0;
  #suspectedUntil = 0;

  /** A request got through when a held one had ended. @returns whether connections are found to be few by that */
  found(now: number): boolean {
    if (this.isFull(now)) return false;
    const isSecond = now < this.#suspectedUntil;
    this.#suspectedUntil = now + suspectedMs;
    if (!isSecond) return false;
    if (now >= this.#until + forgottenMs) this.#ms = 0;
    this.#ms = Math.min(crowdedMaxMs, Math.max(crowdedFirstMs, 2 * this.#ms));
    this.#until = now + this.#ms;
    return true;
  }

  /** Milliseconds from now on, 0 where they are not known to be few. */
  leftMs(now: number): number {
    return Math.max(0, this.#until - now);
  }

  isFull(now: number): boolean {
    return now < this.#until;
  }
}
