import { mkdir, rm } from 'node:fs/promises';
import type { FileName, FileRecords, FileRef, Files, UserId } from '@everywire/chat';
import { chatErrorCodes, type RestErrorCode } from '@everywire/chat';
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';
import { RestRefusal, restErrorBody } from '../error-codes.js';
import { storageCode } from '../storage-code.js';
import type { AttachmentLimits } from './attachment-limits.js';
import { type Inspection, previewName } from './inspect-file.js';
import type { Inspector } from './inspector.js';
import { OpenUploads } from './open-uploads.js';
import { streamFile } from './stream-file.js';
import { newCleanedPath, removeOldUploads, removeUpload } from './upload-files.js';

/** Options of `UploadServer`. */
export interface UploadsOptions {
  /** For unfinished uploads; readable by its owner alone. */
  readonly directory: string;
  /** Path of the routes, from the root. */
  readonly path: string;
  readonly files: Files;
  readonly records: FileRecords;
  readonly inspector: Pick<Inspector, 'inspect'>;
  readonly limits: AttachmentLimits;
  readonly wallNow: () => number;
}

type TusRequest = Parameters<NonNullable<Server['options']['onIncomingRequest']>>[0];

/** A refusal in the form that the library `@tus/server` throws and reports. */
interface TusFailure {
  readonly status_code: number;
  readonly body: string;
}

/** The supported version of the protocol tus. */
export const TUS_VERSION = '1.0.0';

/** The state of one request. */
interface Asking {
  /** The authenticated sender. */
  readonly user: UserId;
  /** The upload that the request has created; otherwise `null`. */
  begun: FileName | null;
  /** The existing upload that the request refers to; `null` until it was found to be one of the sender. */
  admitted: FileName | null;
}

const OWNER_ONLY_DIRECTORY = 0o700;

/**
 * Implements resumable uploads by the protocol tus 1.0.0 (creation, creation-with-upload, termination, expiration). An
 * upload's id becomes the id of the file. Only its owner can access it; for all others it does not exist.
 *
 * An upload becomes a file by `finish`, which is idempotent. It inspects the bytes, removes metadata such as locations,
 * moves the bytes to `Files`, and records their description. If a crash interrupts this, the next `finish` completes it,
 * or the sweep removes the upload.
 */
export class UploadServer {
  readonly #options: UploadsOptions;
  readonly #bytes: FileStore;
  readonly #tus: Server;
  /** The state of each request, for the hooks of the library, which get only the request. */
  readonly #requests = new WeakMap<object, Asking>();
  readonly #open: OpenUploads;
  /** The calls of `finish` in progress, by upload, so that concurrent calls share one result. */
  readonly #finishing = new Map<FileName, Promise<FileRef>>();

  private constructor(options: UploadsOptions) {
    const { directory, limits, path } = options;
    this.#options = options;
    this.#open = new OpenUploads(limits.uploadsPerPersonMax);
    this.#bytes = new FileStore({ directory, expirationPeriodInMilliseconds: limits.uploadKeptMs });
    this.#tus = new Server({
      path,
      datastore: this.#bytes,
      maxSize: limits.fileBytesMax,
      relativeLocation: true,
      allowedOrigins: () => false,
      disableTerminationForFinishedUploads: true,
      onUploadCreate: (request, upload) => this.#begin(this.#askingOf(request), upload),
      onIncomingRequest: (request, id) => this.#admit(request, id),
      onResponseError: (_request, error) => asRestAnswer(error),
    });
  }

  /** Creates the directory if it is missing, and returns uploads in it. */
  static async open(options: UploadsOptions): Promise<UploadServer> {
    await mkdir(options.directory, { recursive: true, mode: OWNER_ONLY_DIRECTORY });
    return new UploadServer(options);
  }

  /** Returns the supported versions and extensions of the protocol, as headers. */
  get abilities(): Readonly<Record<string, string>> {
    return {
      'tus-resumable': TUS_VERSION,
      'tus-version': TUS_VERSION,
      'tus-extension': 'creation,creation-with-upload,termination,expiration',
      'tus-max-size': String(this.#options.limits.fileBytesMax),
    };
  }

  /**
   * Handles one request of the protocol by an authenticated user. `isEnded` returns whether the request was cut off
   * because the user's authorization ended; the upload is then removed.
   * @throws RestRefusal `unauthenticated` in that case.
   */
  async handle(user: UserId, request: Request, isEnded: () => boolean): Promise<Response> {
    const asking: Asking = { user, begun: null, admitted: null };
    this.#requests.set(request, asking);
    const response = await this.#tus.handleWeb(request);
    if (isEnded()) {
      // Never removes an upload by the request's address alone, because it may belong to another user.
      const upload = asking.begun ?? asking.admitted;
      if (upload !== null) await this.#forget(upload);
      throw new RestRefusal('unauthenticated');
    }
    if (response.ok) {
      if (request.method === 'DELETE' && asking.admitted !== null) await this.#forget(asking.admitted);
      return response;
    }
    // The client never got the address of the new upload and cannot resume it. If the removal fails, the next sweep does it.
    if (asking.begun !== null) await this.#forget(asking.begun).catch(() => undefined);
    // The library refuses some requests before it calls our hooks, with texts of its own.
    const { status_code: status, body } = asRestAnswer({ status_code: response.status, body: await response.text() });
    return new Response(body, { status, headers: response.headers });
  }

  /**
   * Makes a file of a complete upload.
   * @throws RestRefusal `not_found`, `upload_unfinished` or `busy`. Throws `FilesError` or `StoreError` if the disk
   *   rejects the write.
   */
  async finish(user: UserId, id: FileName): Promise<FileRef> {
    const record = await this.#options.records.file(user, id);
    if (record === null || record.owner !== user) throw new RestRefusal('not_found');
    if (record.ref !== null) return record.ref;
    const running = this.#finishing.get(id);
    if (running !== undefined) return running;
    const finishing = this.#make(user, id).finally(() => this.#finishing.delete(id));
    this.#finishing.set(id, finishing);
    return finishing;
  }

  /**
   * Removes all expired uploads, and all expired files that no message carries. The caller must call it periodically.
   */
  async sweep(): Promise<void> {
    const { records, files, limits, wallNow, directory } = this.#options;
    const before = wallNow() - limits.uploadKeptMs;
    for (let more = true; more; ) {
      const unused = await records.unusedFiles(before, SWEPT_AT_ONCE);
      const forgotten = await records.forgetFiles(unused, before);
      await files.remove(forgotten.flatMap((id) => [id, previewName(id)]));
      for (const id of forgotten) await this.#discard(id);
      more = unused.length === SWEPT_AT_ONCE && forgotten.length > 0;
    }
    this.#open.removeOlder(before);
    await removeOldUploads(directory, before);
  }

  /** Removes an unfinished upload and frees its quota. */
  async #forget(id: FileName): Promise<void> {
    await this.#discard(id);
    await this.#options.records.forgetFiles([id], Number.MAX_SAFE_INTEGER);
  }

  async #discard(id: FileName): Promise<void> {
    this.#open.remove(id);
    await removeUpload(this.#options.directory, id);
  }

  #askingOf(request: TusRequest): Asking {
    const asking = this.#requests.get(request);
    if (asking === undefined) throw new Error('An upload request has no user.');
    return asking;
  }

  async #begin(
    asking: Asking,
    { id, size }: { readonly id: string; readonly size?: number | undefined },
  ): Promise<object> {
    const { records, limits, wallNow } = this.#options;
    if (size === undefined) throw refusal('invalid');
    if (!this.#open.add(asking.user, id, wallNow()) && !(await this.#addAfterOthers(asking.user, id)))
      throw refusal('too_many');
    asking.begun = id;
    const file = { id, owner: asking.user, size: this.#countedOf(size), at: wallNow() };
    if ((await records.addFile(file, limits.userFileBytesMax)) === 'over_quota') throw refusal('quota_exceeded');
    return {};
  }

  /** Drops the user's oldest uploads that another server finished or removed, then tries again to add one. */
  async #addAfterOthers(user: UserId, id: FileName): Promise<boolean> {
    for (const open of this.#open.oldest(user, LOOKED_AT)) {
      const record = await this.#options.records.file(user, open);
      if (record === null || record.ref !== null) this.#open.remove(open);
    }
    return this.#open.add(user, id, this.#options.wallNow());
  }

  /** Returns the bytes that a file of this size counts for in the user's quota. */
  #countedOf(bytes: number): number {
    return Math.max(bytes, this.#options.limits.fileChargeBytesMin);
  }

  /** Refuses a request about an upload that is not the sender's. */
  async #admit(request: TusRequest, id: string): Promise<void> {
    if (request.method === 'POST') return;
    const asking = this.#askingOf(request);
    const record = idPattern.test(id) ? await this.#options.records.file(asking.user, id) : null;
    if (record?.owner !== asking.user) throw refusal('not_found');
    asking.admitted = id;
  }

  async #make(owner: UserId, id: FileName): Promise<FileRef> {
    try {
      return await this.#inspectAndKeep(owner, id);
    } catch (error) {
      // Another server may have finished it meanwhile and removed the upload.
      const record = await this.#options.records.file(owner, id).catch(() => null);
      if (record === null || record.ref === null) throw error;
      this.#open.remove(id);
      return record.ref;
    }
  }

  async #inspectAndKeep(owner: UserId, id: FileName): Promise<FileRef> {
    const upload = await this.#bytes.getUpload(id).catch(() => null);
    if (upload === null || upload.storage === undefined) throw new RestRefusal('not_found');
    if (upload.offset !== upload.size) throw new RestRefusal('upload_unfinished');
    const { path } = upload.storage;
    const cleanedPath = newCleanedPath(path);
    const about = {
      id,
      cleanedPath,
      name: upload.metadata?.['filename'] ?? '',
      type: upload.metadata?.['filetype'] ?? '',
    };
    try {
      const ref = await this.#keep(await this.#options.inspector.inspect(owner, { path, ...about }));
      await this.#discard(id);
      return ref;
    } finally {
      await rm(cleanedPath, { force: true });
    }
  }

  async #keep({ ref, path, preview }: Inspection): Promise<FileRef> {
    const { files, records, wallNow } = this.#options;
    const previewBytes = preview === null ? 0 : await files.put(previewName(ref.id), once(preview));
    const size = await files.put(ref.id, streamFile(path));
    const counted = this.#countedOf(size + previewBytes);
    const kept = await records.finishFile(ref.id, { ...ref, size }, wallNow(), counted);
    if (kept !== null) return kept;
    // The sweep has removed the record meanwhile, so the stored bytes are removed as well.
    await files.remove([ref.id, previewName(ref.id)]);
    throw new RestRefusal('not_found');
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** How many of a user's unfinished uploads are checked when the limit is reached. */
const LOOKED_AT = 10;
/** Files that one query of a sweep processes. Bounds how long the query occupies the store. */
const SWEPT_AT_ONCE = 1_000;

/** Form of a file's id; other ids are never looked up. */
const idPattern = /^[0-9a-f]{32}$/;

/** Returns a refusal in the form that the protocol's library takes. */
function refusal(code: RestErrorCode): TusFailure {
  return { status_code: chatErrorCodes[code].httpStatus, body: JSON.stringify(restErrorBody(code, null)) };
}

/** Our code for each status with which the library refuses. Others get `invalid`. */
const codes: Readonly<Record<number, RestErrorCode>> = { 404: 'not_found', 410: 'not_found', 413: 'too_long' };

/**
 * Gives refusals of the protocol's library our body, and keeps their status, which its clients depend on. Treats a
 * failed write as a full disk.
 */
function asRestAnswer(error: Error | TusFailure): TusFailure {
  if (!('status_code' in error)) return refusal(storageCode(error) ?? 'internal');
  const { status_code: status, body } = error;
  if (body.startsWith('{')) return error;
  if (/Something went wrong receiving the file/.test(body)) return refusal('full');
  const code = codes[status] ?? 'invalid';
  return { status_code: status, body: JSON.stringify({ ...restErrorBody(code, null), text: body.trim() }) };
}
