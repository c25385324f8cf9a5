import { mkdir, rm } from 'node:fs/promises';
import type { FileName, FileRecords, FileRef, Files, UserId } from '@everywire/chat';
import { errorCodes, type RestErrorCode } from '@everywire/chat';
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';
import { RestRefusal, restErrorBody } from '../error-codes.js';
import { storageCode } from '../storage-code.js';
import type { AttachmentLimits } from './attachment-limits.js';
import { fileBytes } from './file-bytes.js';
import { type Inspection, previewName } from './inspect-file.js';
import type { Inspector } from './inspector.js';
import { OpenUploads } from './open-uploads.js';
import { newCleanedPath, removeOldUploads, removeUpload } from './upload-files.js';

export interface UploadsOptions {
  /** For bytes on their way; of the owner's alone. */
  readonly directory: string;
  /** Where the routes are, from the root. */
  readonly path: string;
  readonly files: Files;
  readonly records: FileRecords;
  readonly inspector: Pick<Inspector, 'inspect'>;
  readonly limits: AttachmentLimits;
  readonly wallNow: () => number;
}

type TusRequest = Parameters<NonNullable<Server['options']['onIncomingRequest']>>[0];

/** What the protocol's library throws and hands on. */
interface TusFailure {
  readonly status_code: number;
  readonly body: string;
}

/** Of the protocol. */
export const tusVersion = '1.0.0';

/** Who sent a request, and the upload of theirs that it began or is about; `null` while that was not looked up. */
interface Asking {
  readonly user: UserId;
  begun: FileName | null;
  admitted: FileName | null;
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
  readonly #requests = new WeakMap<object, Asking>();
  readonly #open: OpenUploads;
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

  static async open(options: UploadsOptions): Promise<Uploads> {
    await mkdir(options.directory, { recursive: true, mode: ownerOnlyDirectory });
    return new Uploads(options);
  }

  /** What of the protocol is spoken, as headers. */
  get abilities(): Readonly<Record<string, string>> {
    return {
      'tus-resumable': tusVersion,
      'tus-version': tusVersion,
      'tus-extension': 'creation,creation-with-upload,termination,expiration',
      'tus-max-size': String(this.#options.limits.fileBytesMax),
    };
  }

  /**
   * One request of the protocol, of somebody who is signed in. `isEnded`: whether the request was cut because that is no longer so; its upload is removed then,
   * and nothing of it is kept. Throws `RestRefusal` `unauthenticated` in that case.
   */
  async handle(user: UserId, request: Request, isEnded: () => boolean): Promise<Response> {
    const asking: Asking = { user, begun: null, admitted: null };
    this.#requests.set(request, asking);
    const response = await this.#tus.handleWeb(request);
    if (isEnded()) {
      // Not what the address names: it may be an upload of another person, where the request was cut before that was looked up.
      const upload = asking.begun ?? asking.admitted;
      if (upload !== null) await this.#forget(upload);
      throw new RestRefusal('unauthenticated');
    }
    if (response.ok) {
      if (request.method === 'DELETE' && asking.admitted !== null) await this.#forget(asking.admitted);
      return response;
    }
    // Its address was not answered, so nobody can go on with it. Where that fails too, the next sweep takes it.
    if (asking.begun !== null) await this.#forget(asking.begun).catch(() => undefined);
    // What the library refuses before it asks for anything is in its own words.
    const { status_code: status, body } = asRestAnswer({ status_code: response.status, body: await response.text() });
    return new Response(body, { status, headers: response.headers });
  }

  /** Makes a file of a whole upload. Throws `RestRefusal`: `not_found`, `upload_unfinished`, `busy`; `FilesError` and `StoreError` where the disk does not take it. */
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

  /** Removes uploads that nobody went on with, and files that no message carries: all that are due. Call it now and then. */
  async sweep(): Promise<void> {
    const { records, files, limits, wallNow, directory } = this.#options;
    const before = wallNow() - limits.uploadKeptMs;
    for (let more = true; more; ) {
      const unused = await records.unusedFiles(before, sweptAtOnce);
      const forgotten = await records.forgetFiles(unused, before);
      await files.remove(forgotten.flatMap((id) => [id, previewName(id)]));
      for (const id of forgotten) await this.#discard(id);
      more = unused.length === sweptAtOnce && forgotten.length > 0;
    }
    this.#open.removeOlder(before);
    await removeOldUploads(directory, before);
  }

  /** Removes an upload that is no file yet; its owner has the room again. */
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
    if (asking === undefined) throw new Error('An upload without a user.');
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

  /** Uploads that another server finished or removed count no more. Looks at the oldest of the person. */
  async #addAfterOthers(user: UserId, id: FileName): Promise<boolean> {
    for (const open of this.#open.oldest(user, lookedAt)) {
      const record = await this.#options.records.file(user, open);
      if (record === null || record.ref !== null) this.#open.remove(open);
    }
    return this.#open.add(user, id, this.#options.wallNow());
  }

  #countedOf(bytes: number): number {
    return Math.max(bytes, this.#options.limits.fileChargeBytesMin);
  }

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
      // Another server may have finished it meanwhile, and removed the upload.
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
    const size = await files.put(ref.id, fileBytes(path));
    const counted = this.#countedOf(size + previewBytes);
    const kept = await records.finishFile(ref.id, { ...ref, size }, wallNow(), counted);
    if (kept !== null) return kept;
    // It was swept away meanwhile.
    await files.remove([ref.id, previewName(ref.id)]);
    throw new RestRefusal('not_found');
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Of a person's open uploads, those that one more looks at where there are too many. */
const lookedAt = 10;
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
