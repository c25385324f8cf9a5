import type { FileName } from './files.js';
import type { FileRef } from './message.js';
import type { UserId } from './model.js';

/** One file as the server keeps it: it exists from the first byte of its upload on. */
export interface FileRecord {
  /** 32 hex digits, given by the server; `FileName` of its bytes, and with `.preview` of its preview. */
  readonly id: FileName;
  readonly owner: UserId;
  /** Bytes that it counts for, of what its owner may have. */
  readonly size: number;
  /** `null` until it was uploaded and looked at. */
  readonly ref: FileRef | null;
}

/**
 * Port: which files there are, whose, and who may have them. Lies in the same store as the log, because a file belongs to whoever
 * sees a message that carries it, or is in a conversation whose picture it is (CH-3).
 *
 * Ordering, durability, errors and concurrency are those of `Store`.
 */
export interface FileRecords {
  /** Before the first byte. `over_quota`: with it the owner's files would have more than `ownerBytesMax` bytes; nothing happened. */
  addFile(
    file: { readonly id: FileName; readonly owner: UserId; readonly size: number; readonly at: number },
    ownerBytesMax: number,
  ): Promise<'added' | 'over_quota'>;

  /**
   * It is whole, and counts for `size` bytes from now on, whatever the quota. The first `ref` stays, so that a repeated one changes nothing; answers the
   * one that is kept, `null` where there is no such file.
   */
  finishFile(id: FileName, ref: FileRef, at: number, size: number): Promise<FileRef | null>;

  /** For its owner, for who sees a message that carries it, and for who is in a conversation whose picture it is, as of now; `null` for everybody else. */
  file(user: UserId, id: FileName): Promise<FileRecord | null>;

  /** The picture of a group or channel that anyone may join, as of now: who may look into the directory may see it, and no more of it than its preview. `null` for any other. */
  directoryPicture(id: FileName): Promise<FileRecord | null>;

  /**
   * Those of the finished files that `user` may attach to a message: the same that `file` gives. They are kept for as long again as
   * if they had been uploaded at `at`, so that none is swept away on its way into a message.
   */
  attachableFiles(user: UserId, ids: readonly FileName[], at: number): Promise<readonly FileRef[]>;

  /** Files that no message carries, no conversation has for its picture, and that were neither uploaded nor asked for by `attachableFiles` since `before`; at most `limit`. */
  unusedFiles(before: number, limit: number): Promise<readonly FileName[]>;

  /** Forgets records of unused files; their owners have the room again. A file that is in use by now stays. Answers those forgotten. */
  forgetFiles(ids: readonly FileName[], before: number): Promise<readonly FileName[]>;

  /** Those of the ids that there are records of, whoever asks: bytes of any other belong to nothing. */
  recordedFiles(ids: readonly FileName[]): Promise<readonly FileName[]>;
}
