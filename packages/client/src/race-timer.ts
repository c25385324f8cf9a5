import { RACE_DELAY_DEFAULT_MS, RACE_DELAY_MAX_MS, RACE_DELAY_MIN_MS } from './limits.js';

const NEVER = Number.POSITIVE_INFINITY;

/**
 * Decides when to race a second transport against a two-way link that has not answered (SN-14). Only computes the time;
 * the caller must set a timer.
 */
export class RaceTimer {
  /** When to start the race; `Infinity` for never. */
  at: number = NEVER;
  /** Duration of the last connect of a two-way link, by this page or by an earlier page on this network. */
  connectMs: number | undefined;
  #hurried = false;

  /** Schedules the race when a two-way link begins to connect while nothing is attached. */
  begin(bornAt: number): void {
    const { connectMs } = this;
    const usual = connectMs === undefined ? RACE_DELAY_DEFAULT_MS : connectMs * 1.5 + 50;
    this.at = bornAt + Math.min(RACE_DELAY_MAX_MS, Math.max(RACE_DELAY_MIN_MS, usual));
  }

  /**
   * Starts the race now, because the link was refused. Only once per outage, so that an absent server gets few
   * requests.
   */
  hurry(now: number): void {
    if (this.#hurried) return;
    this.#hurried = true;
    this.at = now;
  }

  /** Records that the race has started. */
  taken(): void {
    this.at = NEVER;
  }

  /**
   * Cancels the race, because a link is attached. @param connectMs duration of the link's connect, if the link is
   * two-way
   */
  settle(connectMs: number | undefined): void {
    this.connectMs = connectMs ?? this.connectMs;
    this.#hurried = false;
    this.at = NEVER;
  }
}
