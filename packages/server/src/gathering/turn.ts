import type { SharedRuns } from './shared-runs.js';

/** Gathers what is written to one carrier, until the turn ends. */
export interface Gathering {
  flush(): void;
}

/**
 * One turn of the event loop: what is published and answered while input is read leaves together, after the poll phase
 * (SN-27, "Per-tick gathering").
 */
export class Turn {
  readonly #now: () => number;
  readonly #runs: readonly SharedRuns[];
  readonly #flushSessions: (now: number) => void;
  /** The clock as it stood when the input now read came, or when something was first gathered since the turn began. */
  time = 0;
  #links: Gathering[] = [];
  #scheduled = false;
  readonly #onImmediate: () => void = () => this.#finish();

  constructor(now: () => number, runs: readonly SharedRuns[], flushSessions: (now: number) => void) {
    this.#now = now;
    this.#runs = runs;
    this.#flushSessions = flushSessions;
  }

  /** Input has come. */
  begin(): void {
    if (!this.#scheduled) this.time = this.#now();
  }

  schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.time = this.#now();
    setImmediate(this.#onImmediate);
  }

  /** This link has gathered something. */
  add(link: Gathering): void {
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
