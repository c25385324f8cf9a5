/** What the application keeps of a session, and another process goes on with. */
export interface Counts {
  readonly of: string;
  readonly sent: number;
  readonly came: number;
}

/** With what a process is started. */
export interface StartOptions {
  readonly port: number;
  readonly tcpPort: number;
  /** Where it finds the sessions of the one before, and leaves its own. */
  readonly path: string;
  /** How often it sends a number to each session, in milliseconds. */
  readonly everyMs: number;
}

/** What a process is told. */
export type Command = 'publish' | 'be quiet' | 'tell';

/** What a process tells. */
export type Report =
  | { readonly kind: 'ready'; readonly port: number; readonly tcpPort: number; readonly restored: number }
  | { readonly kind: 'told'; readonly counts: readonly Counts[]; readonly faults: readonly string[] };

export const forAll = 'for all';
