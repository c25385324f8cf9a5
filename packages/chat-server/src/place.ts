/** What the log-in page says about this installation. */
export interface Place {
  readonly name: string;
  /** Who runs it; empty when that is not said. */
  readonly runBy: string;
  readonly registration: 'open' | 'closed';
  readonly version: string;
}
