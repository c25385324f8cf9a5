import type { CodeOf } from './error-codes.js';

/** Details of a `WireError` in addition to its code. */
export interface WireErrorFacts {
  readonly side?: 'client' | 'server';
  readonly transport?: string | null;
  /** See `WireError`. */
  readonly unknown?: boolean;
  /** Text for people; defaults to the code. If a request handler throws the error, the peer receives this text. */
  readonly message?: string;
  readonly cause?: unknown;
}

/**
 * An error with a stable `code`, at the client or the server. `send`, `join` and `publish` throw it if they accepted
 * nothing. Promises are rejected with it. If a request handler throws one, the peer gets its code and message.
 */
export class WireError extends Error {
  declare readonly code: CodeOf;
  /** The end that raised it. Absent if an application created it. */
  declare readonly side?: 'client' | 'server';
  /** The transport in use at that time. */
  declare readonly transport: string | null;
  /** Whether the message may have had an effect nevertheless. */
  declare readonly unknown: boolean;
  /** Path of its documentation in this repository. */
  declare readonly docs: string;

  constructor(code: CodeOf, facts?: WireErrorFacts) {
    super(code);
    const docs = `docs/guides/errors.md#${code}`;
    Object.assign(this, { name: 'WireError', code, transport: null, unknown: false, docs }, facts);
  }
}
