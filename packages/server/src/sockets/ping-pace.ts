import type { ServerLimits } from '../limits.js';
import type { TickWheel, WheelEntry } from '../tick-wheel.js';

/** Options of `PingPace`. */
export interface PingPaceOptions {
  readonly wheel: TickWheel;
  readonly limits: Pick<ServerLimits, 'pingsAtOnce' | 'pingRefillMs' | 'pingPauseMs' | 'heartbeatMs'>;
}

/** Pauses and resumes reading of one socket. */
export interface PausedReading {
  hold(): void;
  go(): void;
}

/**
 * Limits the rate of pings, pongs and records without news on one socket. Above the limit the socket is not read for a time;
 * nothing is lost or refused.
 */
export class PingPace implements WheelEntry {
  wheelNext: WheelEntry | null = null;
  wheelPrevious: WheelEntry | null = null;
  wheelTick = 0;
  readonly #options: PingPaceOptions;
  readonly #reading: PausedReading;
  /** Milliseconds: the time at which the pings so far would have been allowed at the refill rate. */
  #paidAt = 0;
  paused = false;

  constructor(options: PingPaceOptions, reading: PausedReading) {
    this.#options = options;
    this.#reading = reading;
  }

  count(now: number): void {
    const { pingsAtOnce, pingRefillMs, pingPauseMs, heartbeatMs } = this.#options.limits;
    // A longer pause would make the link look silent.
    const pauseMs = Math.min(pingPauseMs, heartbeatMs);
    const freeMs = pingsAtOnce * pingRefillMs;
    this.#paidAt = Math.min(Math.max(this.#paidAt, now) + pingRefillMs, now + freeMs + pauseMs);
    const ms = this.#paidAt - now - freeMs;
    if (ms <= 0 || this.paused) return;
    this.paused = true;
    this.#reading.hold();
    // The rest of the current chunk is still processed, so use the maximum pause.
    this.#options.wheel.schedule(this, pauseMs);
  }

  onWheel(): void {
    this.paused = false;
    this.#reading.go();
  }

  /** The socket has closed. */
  stop(): void {
    this.#options.wheel.cancel(this);
  }
}
