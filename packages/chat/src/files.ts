/** The name under which bytes are kept: 32 lower-case hex digits, then perhaps a dot and a word. Never made of anything a person typed. */
export type FileName = string;

/** First and last byte wanted, both included, as in RFC 9110 section 14. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Port: the bytes of attachments, without a meaning. Who may have them, and what they are, is in the log.
 *
 * - **Atomicity.** A name has its whole bytes or none: a `put` that fails or is cut off leaves nothing under the name.
 * - **Durability.** `put` resolves after the bytes and the name would survive a power cut.
 * - **Idempotency.** `put` under a name that is there replaces it; `remove` of what is not there is nothing.
 * - **Errors.** A name of another shape throws `RangeError`: it is a defect of the caller. Failures reject with `FilesError`:
 *   `full` (nothing was kept, reading works), `busy` (nothing was kept, try again).
 * - **Concurrency.** Any number of calls at once. After `close` every call rejects with `busy`.
 */
export interface Files {
  /** Answers the number of bytes. A throw of `bytes` is passed on. */
  put(name: FileName, bytes: AsyncIterable<Uint8Array>): Promise<number>;
  /** Bytes under a name, `null` where there is none. */
  size(name: FileName): Promise<number | null>;
  /**
   * `null` where there is no such name, or where the range begins behind the end; `last` is clamped to the end. Must be read to its
   * end or left by `return`; ends early or throws where the file is removed meanwhile.
   */
  read(name: FileName, range: ByteRange | null): Promise<AsyncIterable<Uint8Array> | null>;
  remove(names: readonly FileName[]): Promise<void>;
  /** Names in rising order, those after `after`, at most `limit`: for sweeping away what the log does not know. */
  names(after: FileName | null, limit: number): Promise<readonly FileName[]>;
  close(): Promise<void>;
}

export type FilesErrorCode = 'full' | 'busy';

export class FilesError extends Error {
  readonly code: FilesErrorCode;

  constructor(code: FilesErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FilesError';
    this.code = code;
  }
}

const namePattern = /^[0-9a-f]{32}(?:\.[a-z]{1,16})?$/;

export function isFileName(name: string): name is FileName {
  return namePattern.test(name);
}

/** Throws `RangeError` for what is no name: a path can never be made of it. */
export function checkFileName(name: FileName): FileName {
  if (!isFileName(name)) throw new RangeError('A file is named by 32 hex digits and perhaps a word.');
  return name;
}
