/** The application's state of a session, which the next process takes over. */
export interface Counts {
  readonly of: string;
  readonly sent: number;
  readonly came: number;
}

/** The options with which a process is started. */
export interface StartOptions {
  readonly port: number;
  readonly tcpPort: number;
  /** Where it finds the sessions of the previous process, and stores its own. */
  readonly path: string;
  /** How often it sends a number to each session, in milliseconds. */
  readonly everyMs: number;
}

/** A command to a process. */
export type Command = 'publish' | 'be quiet' | 'report';

/** A report of a process. */
export type Report =
  | { readonly kind: 'ready'; readonly port: number; readonly tcpPort: number; readonly restored: number }
  | { readonly kind: 'report'; readonly counts: readonly Counts[]; readonly faults: readonly string[] };

export const forAll = 'for all';
