/**
 * The application's state of a session, which the next process takes over: the numbers of messages that it has sent and
 * received.
 */
export interface Counts {
  /** The name of the client. */
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

/** A message of a process to the test. `faults` has a line for each error. */
export type Report =
  | { readonly kind: 'ready'; readonly port: number; readonly tcpPort: number; readonly restored: number }
  | { readonly kind: 'report'; readonly counts: readonly Counts[]; readonly faults: readonly string[] };

/** The text that is published to all sessions. */
export const forAll = 'for all';
