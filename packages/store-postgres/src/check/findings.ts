/** The most lines of a check, so that a report stays readable. A check ends when it has this many. */
export const FINDINGS_MAX = 100;

/** The lines of a check: one sentence for each damaged part. */
export class Findings {
  readonly lines: string[] = [];

  get isFull(): boolean {
    return this.lines.length >= FINDINGS_MAX;
  }

  /** Adds lines, as many as fit. */
  add(...lines: readonly string[]): void {
    this.lines.push(...lines.slice(0, FINDINGS_MAX - this.lines.length));
  }
}
