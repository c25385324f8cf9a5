/** How long requests are not held after they were found to be in each other's way, the first time; twice as long each time, up to the longest. */
const crowdedFirstMs = 30_000;
const crowdedMaxMs = 300_000;
/** Longest pause between two polls that are not held. */
export const crowdedPollMs = 2000;

/**
 * Whether connections to the server are so few that a request waits until one that is held has ended: of a browser's six for a host the
 * other tabs may hold five (SN-47). Milliseconds of the shell's clock.
 */
export class Crowd {
  #until = 0;
  #ms = 0;

  /** A request got through when a held one had ended. @returns whether that is news */
  found(now: number): boolean {
    if (this.isFull(now)) return false;
    this.#ms = Math.min(crowdedMaxMs, Math.max(crowdedFirstMs, 2 * this.#ms));
    this.#until = now + this.#ms;
    return true;
  }

  isFull(now: number): boolean {
    return now < this.#until;
  }
}
