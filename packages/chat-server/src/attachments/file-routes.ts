import { Readable } from 'node:stream';
import type { FileRecord, FileRecords, FileRef, Files, User } from '@everywire/chat';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RestRefusal, restErrorBody } from '../error-codes.js';
import type { InFlightRequests } from '../in-flight-requests.js';
import { mayGuest } from '../rights.js';
import { AVATARS_PATH } from './avatar-files.js';
import type { Avatars } from './avatars.js';
import { parseRange } from './byte-range.js';
import { isShown } from './content-type.js';
import { type FileReaders, readerBy } from './file-readers.js';
import {
  avatarSchema,
  beginSchema,
  cancelSchema,
  cookieSchema,
  fileSchema,
  finishSchema,
  optionsSchema,
  previewSchema,
  progressSchema,
  resumeSchema,
} from './file-schemas.js';
import { previewName } from './inspect-file.js';
import { TUS_VERSION, type UploadServer } from './uploads.js';

/** Dependencies of `addFileRoutes`. */
export interface FileRoutesOptions {
  readonly uploads: UploadServer;
  readonly files: Files;
  readonly records: FileRecords;
  readonly readers: FileReaders;
  readonly lasting: Pick<InFlightRequests, 'admit' | 'isEnded'>;
  readonly avatars: Avatars;
}

/** Path of the upload routes. */
export const UPLOADS_PATH = '/api/files/uploads';

const OFFSET_TYPE = 'application/offset+octet-stream';

interface OneFile {
  readonly Params: { readonly id: string };
}

/**
 * Returns the route option that counts requests of this kind separately for the rate limit. Needed because a page loads
 * many pictures at a time, and so do the pages of other users behind the same address.
 */
const counted = (groupId: 'uploads' | 'files' | 'previews' | 'avatars') => ({ rateLimit: { groupId } });
/** Route option to document a HEAD route, which by default is left out as a GET without its body. */
const described = { swagger: { exposeHeadRoute: true } };

/** The content security policy of files. It prevents that scripts in a file run when the file is opened as a page (U2). */
const INERT_POLICY = "default-src 'none'; sandbox";

/**
 * Adds the routes of uploads (tus), files and avatars.
 *
 * - `OPTIONS /api/files/uploads`: the supported version and extensions of the protocol.
 * - `POST /api/files/uploads`, `HEAD`, `PATCH`, `DELETE /api/files/uploads/:id`: the protocol tus 1.0.0.
 * - `POST /api/files/:id`: finishes an upload; answers its `FileRef`, whose id a message then carries.
 * - `POST /api/files/cookie`: lets this browser's own elements read files.
 * - `GET /api/files/avatars/:id`: an avatar, for everyone who may see the user's name.
 * - `GET /api/files/:id` and `/preview`: for the owner and for everyone who sees a message with the file, checked at
 *   each request; a preview of a picture in the directory for everyone who may read the directory.
 */
export function addFileRoutes(app: FastifyInstance, options: FileRoutesOptions): void {
  const { uploads, readers, lasting } = options;
  app.addContentTypeParser(OFFSET_TYPE, (_request, payload, done) => done(null, payload));
  const upload = async (request: FastifyRequest, reply: FastifyReply) => {
    const { user, credential, signedAt } = readerBy(await readers.callerOf(request));
    lasting.admit(request.raw, { user: user.id, credential, signedAt }, 'body');
    if (request.headers['tus-resumable'] !== TUS_VERSION) return refuseVersion(request, reply);
    refuseUnspoken(request);
    const isEnded = (): boolean => lasting.isEnded(request.raw);
    return answer(reply, await uploads.handle(user.id, asWebRequest(request), isEnded));
  };
  const one = `${UPLOADS_PATH}/:id`;
  const config = counted('uploads');
  app.route({
    method: 'OPTIONS',
    url: UPLOADS_PATH,
    schema: optionsSchema,
    config,
    handler: async (_request, reply) => reply.code(204).headers(uploads.abilities).send(),
  });
  app.route({ method: 'POST', url: UPLOADS_PATH, schema: beginSchema, config, handler: upload });
  app.route({ method: 'HEAD', url: one, schema: progressSchema, config: { ...config, ...described }, handler: upload });
  app.route({ method: 'PATCH', url: one, schema: resumeSchema, config, handler: upload });
  app.route({ method: 'DELETE', url: one, schema: cancelSchema, config, handler: upload });
  app.post('/api/files/cookie', { schema: cookieSchema, config }, (request, reply) => readers.admit(request, reply));
  app.post<OneFile>('/api/files/:id', { schema: finishSchema, config }, async (request): Promise<FileRef> => {
    return uploads.finish((await readers.callerOf(request)).user.id, request.params.id);
  });
  app.get<OneFile>(
    `${AVATARS_PATH}/:id`,
    { schema: avatarSchema, config: counted('avatars') },
    async (request, reply) => {
      const { id, role } = (await readers.readerOf(request)).user;
      const bytes = await options.avatars.read({ user: id, guest: role === 'guest' }, request.params.id);
      if (bytes === null) throw new RestRefusal('not_found');
      return reply.headers(avatarHeaders).send(bodyOf(bytes));
    },
  );
  app.get<OneFile>('/api/files/:id', { schema: fileSchema, config: counted('files') }, (request, reply) =>
    serve(options, request, reply, { id: request.params.id, preview: false }),
  );
  app.get<OneFile>('/api/files/:id/preview', { schema: previewSchema, config: counted('previews') }, (request, reply) =>
    serve(options, request, reply, { id: request.params.id, preview: true }),
  );
}

/** Answers 412 with the supported versions, as the protocol requires if the version is missing or differs. */
function refuseVersion({ method }: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.code(412).header('tus-version', TUS_VERSION);
  return method === 'HEAD' ? reply.send() : reply.send(restErrorBody('invalid', null));
}

/**
 * Refuses requests that the library would answer with statuses that the OpenAPI document does not list: those with an
 * unsupported extension, and parts without their media type.
 */
function refuseUnspoken({ method, headers }: FastifyRequest): void {
  if (headers['upload-concat'] !== undefined) throw new RestRefusal('invalid');
  if (method === 'PATCH' && headers['content-type'] !== OFFSET_TYPE) throw new RestRefusal('invalid');
}

/** The file that a request asks for, or its preview. */
interface Wanted {
  readonly id: string;
  readonly preview: boolean;
}

/**
 * Returns the record if the user may read the file. For a group picture in the directory, users with access to the
 * directory may read the preview alone.
 */
async function seenBy(user: User, records: FileRecords, { id, preview }: Wanted): Promise<FileRecord | null> {
  const record = await records.file(user.id, id);
  if (record !== null || !preview || (user.role === 'guest' && !mayGuest('directory'))) return record;
  return records.directoryPicture(id);
}

async function serve(
  options: FileRoutesOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  wanted: Wanted,
): Promise<FastifyReply> {
  const { files } = options;
  const { user, credential, signedAt } = await options.readers.readerOf(request);
  options.lasting.admit(request.raw, { user: user.id, credential, signedAt }, 'answer');
  const record = await seenBy(user, options.records, wanted);
  if (record?.ref == null || (wanted.preview && record.ref.picture === undefined)) throw new RestRefusal('not_found');
  const name = wanted.preview ? previewName(wanted.id) : wanted.id;
  const size = await files.size(name);
  if (size === null) throw new RestRefusal('not_found');
  const tag = `"${name}"`;
  reply.headers(headersOf(record.ref, wanted.preview)).header('etag', tag);
  // The bytes under a name never change, so the name serves as the tag. Access was checked above, at each request.
  if (request.headers['if-none-match'] === tag) return reply.code(304).send();
  const { range, 'if-range': condition } = request.headers;
  const asked = condition === undefined || condition === tag ? parseRange(range, size) : null;
  if (asked === 'unsatisfiable') return reply.code(416).header('content-range', `bytes */${size}`).send();
  // Opens no file for HEAD, because Fastify would read the stream to its end and discard it.
  const bytes = request.method === 'HEAD' ? [] : await files.read(name, asked);
  if (bytes === null) throw new RestRefusal('not_found');
  if (asked === null) return reply.header('content-length', size).send(bodyOf(bytes));
  return reply
    .code(206)
    .header('content-range', `bytes ${asked.first}-${asked.last}/${size}`)
    .header('content-length', asked.last - asked.first + 1)
    .send(bodyOf(bytes));
}

/**
 * Sends a stream unwrapped, so that it is closed with the answer. A wrapper would leave the file open if the client
 * disconnects before the first read.
 */
function bodyOf(bytes: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Readable {
  return bytes instanceof Readable ? bytes : Readable.from(bytes);
}

/** Headers of avatars. A cached avatar needs no revalidation, because a changed avatar has another address. */
const avatarHeaders = {
  'content-type': 'image/webp',
  'content-disposition': 'inline',
  'content-security-policy': INERT_POLICY,
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'private, max-age=86400, immutable',
};

function headersOf(ref: FileRef, preview: boolean): Readonly<Record<string, string>> {
  const type = preview ? 'image/webp' : ref.type;
  const disposition = isShown(type) ? 'inline' : 'attachment';
  const ascii = ref.name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  return {
    'content-type': type,
    'content-disposition': `${disposition}; filename="${ascii}"; filename*=UTF-8''${encodeRfc5987(ref.name)}`,
    'content-security-policy': INERT_POLICY,
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'private, no-cache',
    'accept-ranges': 'bytes',
  };
}

/**
 * Encodes by RFC 5987 section 3.2.1: percent-encodes, including the characters that `encodeURIComponent` leaves but
 * that are not `attr-char`.
 */
function encodeRfc5987(text: string): string {
  const encoded = encodeURIComponent(text);
  return encoded.replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Converts to the `fetch` request that the protocol's library takes; the body is streamed. */
function asWebRequest(request: FastifyRequest): Request {
  const { method, url, headers, body } = request;
  const sent = new Headers();
  for (const [name, value] of Object.entries(headers)) if (typeof value === 'string') sent.set(name, value);
  // Only the path is used.
  const address = new URL(url, 'http://uploads.invalid');
  if (!(body instanceof Readable)) return new Request(address, { method, headers: sent });
  const stream = Readable.toWeb(body) as ReadableStream<Uint8Array>;
  const init = { method, headers: sent, body: stream, duplex: 'half' as const };
  return new Request(address, init);
}

async function answer(reply: FastifyReply, response: Response): Promise<FastifyReply> {
  for (const [name, value] of response.headers) if (name !== 'content-length') reply.header(name, value);
  const text = await response.text();
  if (text.startsWith('{')) reply.type('application/json; charset=utf-8');
  return reply.code(response.status).send(text === '' ? undefined : text);
}
