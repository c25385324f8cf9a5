import type { FileName } from './files.js';
import type { FileRef } from './message.js';
import type { UserId } from './model.js';

/** A stored file. The record exists from the first byte of its upload. */
export interface FileRecord {
  /**
   * 32 hex digits, assigned by the server. They are also the `FileName` of the bytes. With `.preview` appended, they
   * are the name of the preview.
   */
  readonly id: FileName;
  readonly owner: UserId;
  /** Bytes charged against the owner's quota. */
  readonly size: number;
  /** Description of the file; `null` until the file was uploaded and inspected. */
  readonly ref: FileRef | null;
}

/**
 * Port (an interface that each database implements): records of files, their owners and who may read them. They are in
 * the same store as the log, because access follows from the messages that contain a file, or from the conversations
 * that use it as their picture (CH-3).
 *
 * Ordering, durability, errors and concurrency are those of `Store`.
 */
export interface FileRecords {
  /**
   * Adds a record, before the first byte is uploaded. `over_quota`: the owner's files would exceed `ownerBytesMax`
   * bytes, so nothing was added.
   */
  addFile(
    file: { readonly id: FileName; readonly owner: UserId; readonly size: number; readonly at: number },
    ownerBytesMax: number,
  ): Promise<'added' | 'over_quota'>;

  /**
   * Marks a file as complete. From then on, `size` bytes are charged to the owner, even beyond the quota. Returns the
   * stored `ref`; if the call is repeated, that of the first call. Returns `null` if there is no such file.
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
   * Returns those of the finished files that `user` may attach, which are those that `file` returns. Keeps each for as
   * long as if it had been uploaded at `at`, so that none is removed as unused before its message is sent.
   */
  attachableFiles(user: UserId, ids: readonly FileName[], at: number): Promise<readonly FileRef[]>;

  /**
   * Returns at most `limit` unused files: no message contains them, no conversation uses them as a picture, and they
   * were neither uploaded nor returned by `attachableFiles` since `before`.
   */
  unusedFiles(before: number, limit: number): Promise<readonly FileName[]>;

  /**
   * Removes records of unused files and frees their owners' quota. Keeps a file that has come into use meanwhile.
   * Returns the removed files.
   */
  forgetFiles(ids: readonly FileName[], before: number): Promise<readonly FileName[]>;

  /** Returns those of the ids that have a record, of any user. Stored bytes with any other id are orphans. */
  recordedFiles(ids: readonly FileName[]): Promise<readonly FileName[]>;
}
