/**
 * Reports an event immediately, and all further events of the next heartbeats together at their end, so that a flood of
 * events causes few reports.
 */
export class PacedReports {
  readonly #beats: number;
  readonly #report: (count: number) => void;
  /** Heartbeats until the next report is allowed. */
  #pausedFor = 0;
  /** Events since the last report. */
  #count = 0;

  /** `beats`: minimum heartbeats between two reports. `report` gets the number of events since the last one. */
  constructor(beats: number, report: (count: number) => void) {
    this.#beats = beats;
    this.#report = report;
  }

  add(count: number): void {
    this.#count += count;
    if (this.#pausedFor === 0) this.#flush();
  }

  /** The caller must call this once per heartbeat. */
  tick(): void {
    this.#pausedFor = Math.max(0, this.#pausedFor - 1);
    if (this.#pausedFor === 0 && this.#count > 0) this.#flush();
  }

  #flush(): void {
    const count = this.#count;
    this.#count = 0;
    this.#pausedFor = this.#beats;
    this.#report(count);
  }
}
