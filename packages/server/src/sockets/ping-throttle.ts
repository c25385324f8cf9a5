import type { ServerLimits } from '../limits.js';
import type { TimerEntry, TimerWheel } from '../timer-wheel.js';

/** Options of `PingThrottle`. */
export interface PingThrottleOptions {
  readonly wheel: TimerWheel;
  readonly limits: Pick<ServerLimits, 'pingsAtOnce' | 'pingRefillMs' | 'pingPauseMs' | 'heartbeatMs'>;
}

/** Pauses and resumes reading of one socket. */
export interface ReadControl {
  hold(): void;
  go(): void;
}

/**
 * Limits the rate of pings, pongs and records without news on one socket. Above the limit, the socket is not read for a
 * time. Nothing is lost or refused.
 */
export class PingThrottle implements TimerEntry {
  wheelNext: TimerEntry | null = null;
  wheelPrevious: TimerEntry | null = null;
  wheelTick = 0;
  readonly #options: PingThrottleOptions;
  readonly #reading: ReadControl;
  /** The time, in milliseconds, at which the pings so far would have been allowed at the refill rate. */
  #paidAt = 0;
  paused = false;

  constructor(options: PingThrottleOptions, reading: ReadControl) {
    this.#options = options;
    this.#reading = reading;
  }

  count(now: number): void {
    const { pingsAtOnce, pingRefillMs, pingPauseMs, heartbeatMs } = this.#options.limits;
    // Limited, because after a longer pause the link would look dead.
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

  onTimer(): void {
    this.paused = false;
    this.#reading.go();
  }

  /** Handles the close of the socket. */
  stop(): void {
    this.#options.wheel.cancel(this);
  }
}
