import type { FileName } from './files.js';
import type { FileRef } from './message.js';
import type { UserId } from './model.js';

/** A stored file. The record exists from the first byte of its upload. */
export interface FileRecord {
  /** 32 hex digits, assigned by the server. The `FileName` of its bytes, and with `.preview` that of its preview. */
  readonly id: FileName;
  readonly owner: UserId;
  /** Bytes charged against the owner's quota. */
  readonly size: number;
  /** `null` until it was uploaded and inspected. */
  readonly ref: FileRef | null;
}

/**
 * Port: records of files, their owners and access. Kept in the same store as the log, because access follows from the messages
 * that carry a file, or from the conversations that use it as their picture (CH-3).
 *
 * Ordering, durability, errors and concurrency are those of `Store`.
 */
export interface FileRecords {
  /**
   * Adds a record, before the first byte. `over_quota`: the owner's files would exceed `ownerBytesMax` bytes; nothing was added.
   */
  addFile(
    file: { readonly id: FileName; readonly owner: UserId; readonly size: number; readonly at: number },
    ownerBytesMax: number,
  ): Promise<'added' | 'over_quota'>;

  /**
   * Marks a file as complete, and charges `size` bytes from now on, regardless of the quota. Returns the stored `ref`, which is
   * the first one if repeated; `null` if there is no such file.
   */
  finishFile(id: FileName, ref: FileRef, at: number, size: number): Promise<FileRef | null>;

  /**
   * Returns a file that the user may read now: the owner, users who see a message with it, and members of a conversation whose
   * picture it is. Otherwise `null`.
   */
  file(user: UserId, id: FileName): Promise<FileRecord | null>;

  /**
   * Returns the file if it is the picture of a group or channel that anyone may join; otherwise `null`. Users with access to the
   * directory may see its preview only.
   */
  directoryPicture(id: FileName): Promise<FileRecord | null>;

  /**
   * Returns those of the finished files that `user` may attach: the same that `file` returns. Extends their retention as if
   * uploaded at `at`, so that none is swept before its message is sent.
   */
  attachableFiles(user: UserId, ids: readonly FileName[], at: number): Promise<readonly FileRef[]>;

  /**
   * Returns at most `limit` unused files: no message carries them, no conversation uses them as a picture, and they were neither
   * uploaded nor requested by `attachableFiles` since `before`.
   */
  unusedFiles(before: number, limit: number): Promise<readonly FileName[]>;

  /**
   * Removes records of unused files and frees their owners' quota. Keeps a file that is in use by now. Returns the removed ones.
   */
  forgetFiles(ids: readonly FileName[], before: number): Promise<readonly FileName[]>;

  /** Returns those of the ids that have a record, regardless of the user. Bytes of any other id are orphans. */
  recordedFiles(ids: readonly FileName[]): Promise<readonly FileName[]>;
}
