/**
 * The name under which bytes are stored: 32 lower-case hex digits, optionally followed by a dot and a word. Never derived from
 * user input.
 */
export type FileName = string;

/** First and last requested byte, both inclusive, as in RFC 9110 section 14. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Port (an interface that each kind of storage implements): the bytes of attachments. Who may read them, and in which
 * messages they are, is recorded in the log (`FileRecords`).
 *
 * - **Atomicity.** A name has all its bytes or none: a `put` that fails or is cut off leaves nothing under the name.
 * - **Durability.** `put` resolves once the bytes and the name would survive a power failure.
 * - **Idempotency.** `put` replaces an existing name. `remove` of a missing name is a no-op.
 * - **Errors.** A malformed name throws `RangeError`, because it is a defect of the caller. Failures reject with
 *   `FilesError`: `full` (nothing was stored, reading works) or `busy` (nothing was stored, retry).
 * - **Concurrency.** Any number of concurrent calls. After `close` every call rejects with `busy`.
 */
export interface Files {
  /** Stores bytes and returns their number. Rejects with the error of `bytes`, if reading it fails. */
  put(name: FileName, bytes: AsyncIterable<Uint8Array>): Promise<number>;
  /** Returns the number of bytes under a name; `null` if it does not exist. */
  size(name: FileName): Promise<number | null>;
  /**
   * Returns the bytes in the range, or all if it is `null`. Returns `null` if the name does not exist or the range
   * begins beyond the end. If `last` is beyond the end, reads to the end. The caller must read to the end or call
   * `return`. Ends early or throws if the file is removed meanwhile.
   */
  read(name: FileName, range: ByteRange | null): Promise<AsyncIterable<Uint8Array> | null>;
  remove(names: readonly FileName[]): Promise<void>;
  /**
   * Returns up to `limit` names after `after`, in rising order, so that the caller can find and remove orphans. `null`:
   * from the first.
   */
  names(after: FileName | null, limit: number): Promise<readonly FileName[]>;
  /** Returns the id of the store that the files belong to; `null` if none has claimed them. */
  owner(): Promise<string | null>;
  /** Records that the files belong to a store, unless one has claimed them; returns the id of the recorded one. */
  claim(store: string): Promise<string>;
  close(): Promise<void>;
}

/** `full`: there is no space; reading works. `busy`: retry later. */
export type FilesErrorCode = 'full' | 'busy';

/** A failure of `Files`. */
export class FilesError extends Error {
  readonly code: FilesErrorCode;

  constructor(code: FilesErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FilesError';
    this.code = code;
  }
}

const namePattern = /^[0-9a-f]{32}(?:\.[a-z]{1,16})?$/;

/** Returns whether a name has the form of a `FileName`. */
export function isFileName(name: string): name is FileName {
  return namePattern.test(name);
}

/**
 * Returns the name. Throws `RangeError` if it is malformed. The name can therefore never form another path in a file
 * system.
 */
export function checkFileName(name: FileName): FileName {
  if (!isFileName(name)) throw new RangeError('A file name must be 32 hex digits, optionally with a dot and a word.');
  return name;
}
