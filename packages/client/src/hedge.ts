import { hedgeDefaultMs, hedgeLeastMs, hedgeMostMs } from './limits.js';

const never = Number.POSITIVE_INFINITY;

/** When a second transport is raced against one that has not answered (SN-14). Holds no timer. */
export class Hedge {
  /** When to begin the race; `Infinity` for never. */
  at: number = never;
  /** How long the last two-way connect took, here or on this network before. */
  connectMs: number | undefined;
  #hurried = false;

  /** A two-way link began to connect while nothing is attached. */
  begin(bornAt: number): void {
    const { connectMs } = this;
    const usual = connectMs === undefined ? hedgeDefaultMs : connectMs * 1.5 + 50;
    this.at = bornAt + Math.min(hedgeMostMs, Math.max(hedgeLeastMs, usual));
  }

  /** One was refused. Only the first of an outage hurries the race: else a server that is away would be asked twice as often. */
  hurry(now: number): void {
    if (this.#hurried) return;
    this.#hurried = true;
    this.at = now;
  }

  /** The race is on. */
  taken(): void {
    this.at = never;
  }

  /** Something is attached. @param connectMs how long it took, where it was a two-way link */
  settle(connectMs: number | undefined): void {
    this.connectMs = connectMs ?? this.connectMs;
    this.#hurried = false;
    this.at = never;
  }
}
