import { mkdir } from 'node:fs/promises';
import type { FileName, FileRecords, FileRef, Files, UserId } from '@everywire/chat';
import { errorCodes, type RestErrorCode } from '@everywire/chat';
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';
import { RestRefusal, restErrorBody } from '../error-codes.js';
import { storageCode } from '../storage-code.js';
import { Turns } from '../turns.js';
import type { AttachmentLimits } from './attachment-limits.js';
import { type Inspected, inspectFile, previewName } from './inspect-file.js';

export interface UploadsOptions {
  /** For bytes on their way; of the owner's alone. */
  readonly directory: string;
  /** Where the routes are, from the root. */
  readonly path: string;
  readonly files: Files;
  readonly records: FileRecords;
  readonly limits: AttachmentLimits;
  readonly wallNow: () => number;
}

type TusRequest = Parameters<NonNullable<Server['options']['onIncomingRequest']>>[0];

/** What the protocol's library throws and hands on. */
interface TusFailure {
  readonly status_code: number;
  readonly body: string;
}

const ownerOnlyDirectory = 0o700;

/**
 * Resumable uploads by the protocol tus 1.0.0 (creation, creation-with-upload, termination, expiration). An upload's id becomes
 * the file's. Only its owner can go on with it; to everybody else there is none.
 *
 * An upload is a file only after `finish`, which may be asked for again: the bytes are looked at, cleaned and moved to `Files`, and
 * the record says what they are. Whatever a crash interrupts is done by the next `finish`, or swept away.
 */
export class Uploads {
  readonly #options: UploadsOptions;
  readonly #bytes: FileStore;
  readonly #tus: Server;
  readonly #users = new WeakMap<object, UserId>();
  readonly #finishing = new Map<FileName, Promise<FileRef>>();
  readonly #inspections: Turns;

  private constructor(options: UploadsOptions) {
    const { directory, limits, path } = options;
    this.#options = options;
    this.#inspections = new Turns(limits.picturesAtOnce);
    this.#bytes = new FileStore({ directory, expirationPeriodInMilliseconds: limits.uploadKeptMs });
    this.#tus = new Server({
      path,
      datastore: this.#bytes,
      maxSize: limits.fileBytesMax,
      relativeLocation: true,
      allowedOrigins: () => false,
      disableTerminationForFinishedUploads: true,
      onUploadCreate: (request, upload) => this.#begin(this.#userOf(request), upload),
      onIncomingRequest: (request, id) => this.#admit(request, id),
      onResponseError: (_request, error) => asRestAnswer(error),
    });
  }

  static async open(options: UploadsOptions): Promise<Uploads> {
    await mkdir(options.directory, { recursive: true, mode: ownerOnlyDirectory });
    return new Uploads(options);
  }

  /** One request of the protocol, of somebody who is signed in. */
  async handle(user: UserId, request: Request): Promise<Response> {
    this.#users.set(request, user);
    const response = await this.#tus.handleWeb(request);
    if (response.ok) return response;
    // What the library refuses before it asks for anything is in its own words.
    const { status_code: status, body } = asRestAnswer({ status_code: response.status, body: await response.text() });
    return new Response(body, { status, headers: response.headers });
  }

  /** Makes a file of a whole upload. Throws `RestRefusal`: `not_found`, `upload_unfinished`; `FilesError` and `StoreError` where the disk does not take it. */
  async finish(user: UserId, id: FileName): Promise<FileRef> {
    const record = await this.#options.records.file(user, id);
    if (record === null || record.owner !== user) throw new RestRefusal('not_found');
    if (record.ref !== null) return record.ref;
    const running = this.#finishing.get(id);
    if (running !== undefined) return running;
    const finishing = this.#make(id).finally(() => this.#finishing.delete(id));
    this.#finishing.set(id, finishing);
    return finishing;
  }

  /** Removes uploads that nobody went on with, and files that no message carries. Call it now and then. */
  async sweep(): Promise<void> {
    const { records, files, limits, wallNow } = this.#options;
    await this.#bytes.deleteExpired();
    const before = wallNow() - limits.uploadKeptMs;
    const unused = await records.unusedFiles(before, sweptAtOnce);
    const forgotten = await records.forgetFiles(unused, before);
    await files.remove(forgotten.flatMap((id) => [id, previewName(id)]));
  }

  #userOf(request: TusRequest): UserId {
    const user = this.#users.get(request);
    if (user === undefined) throw new Error('An upload without a user.');
    return user;
  }

  async #begin(owner: UserId, upload: { readonly id: string; readonly size?: number | undefined }): Promise<object> {
    const { records, limits, wallNow } = this.#options;
    if (upload.size === undefined) throw refusal('invalid');
    const file = { id: upload.id, owner, size: upload.size, at: wallNow() };
    if ((await records.addFile(file, limits.userFileBytesMax)) === 'over_quota') throw refusal('quota_exceeded');
    return {};
  }

  async #admit(request: TusRequest, id: string): Promise<void> {
    if (request.method === 'POST') return;
    const user = this.#userOf(request);
    const record = idPattern.test(id) ? await this.#options.records.file(user, id) : null;
    if (record?.owner !== user) throw refusal('not_found');
  }

  async #make(id: FileName): Promise<FileRef> {
    const upload = await this.#bytes.getUpload(id).catch(() => null);
    if (upload === null || upload.storage === undefined) throw new RestRefusal('not_found');
    if (upload.offset !== upload.size) throw new RestRefusal('upload_unfinished');
    const { path } = upload.storage;
    const about = { id, name: upload.metadata?.['filename'] ?? '', type: upload.metadata?.['filetype'] ?? '' };
    const inspected = await this.#inspections.run(() => inspectFile(path, about, this.#options.limits));
    const ref = await this.#keep(inspected);
    await this.#bytes.remove(id).catch(() => undefined); // The next sweep takes what stays.
    return ref;
  }

  async #keep({ ref, bytes, preview }: Inspected): Promise<FileRef> {
    const { files, records, wallNow } = this.#options;
    if (preview !== null) await files.put(previewName(ref.id), preview);
    const size = await files.put(ref.id, bytes());
    const kept = await records.finishFile(ref.id, { ...ref, size }, wallNow());
    if (kept === null) throw new RestRefusal('not_found');
    return kept;
  }
}

/** Files that one sweep looks at: a bound on how long it holds the store. */
const sweptAtOnce = 1_000;

/** Of a file's id; nothing else is ever looked up. */
const idPattern = /^[0-9a-f]{32}$/;

/** As the protocol's library takes a refusal. */
function refusal(code: RestErrorCode): TusFailure {
  return { status_code: errorCodes[code].httpStatus, body: JSON.stringify(restErrorBody(code, null)) };
}

const codes: Readonly<Record<number, RestErrorCode>> = { 404: 'not_found', 410: 'not_found', 413: 'too_long' };

/** The protocol's own refusals keep their status, which its clients go by, and get our body. A failed write is a full disk. */
function asRestAnswer(error: Error | TusFailure): TusFailure {
  if (!('status_code' in error)) return refusal(storageCode(error) ?? 'internal');
  const { status_code: status, body } = error;
  if (body.startsWith('{')) return error;
  if (/Something went wrong receiving the file/.test(body)) return refusal('full');
  const code = codes[status] ?? 'invalid';
  return { status_code: status, body: JSON.stringify({ ...restErrorBody(code, null), text: body.trim() }) };
}
