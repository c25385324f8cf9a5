import type { SharedBatches } from './shared-batches.js';

/** A carrier that gathers its writes until the end of the tick. */
export interface Batching {
  /** Writes all gathered parts. */
  flush(): void;
}

/**
 * Manages the ticks (passes) of the event loop. Everything that is published and answered while input is read is sent
 * together, after the poll phase (SN-27, "Per-tick gathering").
 */
export class Tick {
  readonly #now: () => number;
  readonly #runs: readonly SharedBatches[];
  readonly #flushSessions: (now: number) => void;
  /** The time when the current input arrived, or when something was first gathered in this tick. */
  time = 0;
  #links: Batching[] = [];
  #scheduled = false;
  readonly #onImmediate: () => void = () => this.#finish();

  constructor(now: () => number, runs: readonly SharedBatches[], flushSessions: (now: number) => void) {
    this.#now = now;
    this.#runs = runs;
    this.#flushSessions = flushSessions;
  }

  /** Records the arrival of input. The caller must call this whenever input has arrived. */
  begin(): void {
    if (!this.#scheduled) this.time = this.#now();
  }

  /** Schedules the end of the tick. */
  schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.time = this.#now();
    setImmediate(this.#onImmediate);
  }

  /** Registers a link that has gathered something. */
  add(link: Batching): void {
    this.#links.push(link);
    this.schedule();
  }

  #finish(): void {
    this.#scheduled = false;
    this.#flushSessions(this.#now());
    const links = this.#links;
    if (links.length > 0) {
      this.#links = [];
      for (const link of links) link.flush();
    }
    for (const runs of this.#runs) runs.endTurn();
  }
}
