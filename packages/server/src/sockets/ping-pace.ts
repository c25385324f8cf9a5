import type { ServerLimits } from '../limits.js';
import type { TickWheel, WheelEntry } from '../tick-wheel.js';

export interface PingPaceOptions {
  readonly wheel: TickWheel;
  readonly limits: Pick<ServerLimits, 'pingsAtOnce' | 'pingRefillMs' | 'pingPauseMs' | 'heartbeatMs'>;
}

/** The reading of one socket. */
export interface PausedReading {
  hold(): void;
  go(): void;
}

/**
 * Counts what a peer sends on one socket only to be answered or ignored: pings, pongs and records that bring nothing. Where there are too many, the socket is not read until
 * there are fewer; what it sent is neither lost nor refused.
 */
export class PingPace implements WheelEntry {
  wheelNext: WheelEntry | null = null;
  wheelPrevious: WheelEntry | null = null;
  wheelTick = 0;
  readonly #options: PingPaceOptions;
  readonly #reading: PausedReading;
  /** When everything that came so far would have come at the pace, in milliseconds. */
  #paidAt = 0;
  paused = false;

  constructor(options: PingPaceOptions, reading: PausedReading) {
    this.#options = options;
    this.#reading = reading;
  }

  count(now: number): void {
    const { pingsAtOnce, pingRefillMs, pingPauseMs, heartbeatMs } = this.#options.limits;
    // A link that is not read for longer would be taken for a silent one.
    const pauseMs = Math.min(pingPauseMs, heartbeatMs);
    const freeMs = pingsAtOnce * pingRefillMs;
    this.#paidAt = Math.min(Math.max(this.#paidAt, now) + pingRefillMs, now + freeMs + pauseMs);
    const ms = this.#paidAt - now - freeMs;
    if (ms <= 0 || this.paused) return;
    this.paused = true;
    this.#reading.hold();
    // Everything else of the chunk at hand is read still, so the pause is as long as it may be.
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
