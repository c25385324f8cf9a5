import type { CodeOf } from './error-codes.js';

/** What is known beside the code. */
export interface WireErrorFacts {
  readonly side?: 'client' | 'server';
  readonly transport?: string | null;
  readonly unknown?: boolean;
  /** Words for people; default the code. Where a request handler throws the error, the other end gets them. */
  readonly message?: string;
  readonly cause?: unknown;
}

/**
 * What went wrong, by a stable `code`, at either end. Thrown by `send`, `join` and `publish`, when nothing was accepted; otherwise
 * what a promise is rejected with. A request handler that throws one answers with its code and message.
 */
export class WireError extends Error {
  declare readonly code: CodeOf;
  /** Where it was decided; absent where an application made it. */
  declare readonly side?: 'client' | 'server';
  /** The transport in use then. */
  declare readonly transport: string | null;
  /** The message may have had an effect all the same. */
  declare readonly unknown: boolean;
  /** Its paragraph in this repository. */
  declare readonly docs: string;

  constructor(code: CodeOf, facts?: WireErrorFacts) {
    super(code);
    const docs = `docs/guides/errors.md#${code}`;
    Object.assign(this, { name: 'WireError', code, transport: null, unknown: false, docs }, facts);
  }
}
