import type { Transport } from './contract.js';

/** How long requests are not held after they were found to be in each other's way, the first time; twice as long each time, up to the longest. */
const crowdedFirstMs = 30_000;
const crowdedMaxMs = 300_000;
/** Longest pause between two polls that are not held. */
const pollMs = 2000;

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

  /** Milliseconds between two polls, where these are not to be held; else 0. */
  everyMs({ kind }: Transport, now: number): number {
    return kind === 'poll' && this.isFull(now) ? pollMs : 0;
  }
}
