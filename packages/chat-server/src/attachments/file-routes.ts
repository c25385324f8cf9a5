import { Readable } from 'node:stream';
import type { FileRecord, FileRecords, FileRef, Files, User } from '@everywire/chat';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RestRefusal } from '../error-codes.js';
import { mayGuest } from '../rights.js';
import { type Avatars, avatarsPath } from './avatars.js';
import { parseRange } from './byte-range.js';
import { isShown } from './content-type.js';
import type { FileReaders } from './file-readers.js';
import {
  avatarSchema,
  beginSchema,
  cookieSchema,
  fileSchema,
  finishSchema,
  giveUpSchema,
  goOnSchema,
  previewSchema,
  progressSchema,
} from './file-schemas.js';
import { previewName } from './inspect-file.js';
import type { Uploads } from './uploads.js';

export interface FileRoutesOptions {
  readonly uploads: Uploads;
  readonly files: Files;
  readonly records: FileRecords;
  readonly readers: FileReaders;
  readonly avatars: Avatars;
}

export const uploadsPath = '/api/files/uploads';

interface OneFile {
  readonly Params: { readonly id: string };
}

const config = { rateLimit: { groupId: 'files' } };
/** Of a HEAD that is no GET without its body. */
const described = { swagger: { exposeHeadRoute: true } };

/** Nothing that is served here can run or be framed, whatever it is (U2). */
const inertPolicy = "default-src 'none'; sandbox";

/**
 * Uploads by tus, what becomes of them, and what was attached.
 *
 * - `POST /api/files/uploads`, `HEAD`, `PATCH`, `DELETE /api/files/uploads/:id`: the protocol tus 1.0.0.
 * - `POST /api/files/:id`: the upload is whole; answers its `FileRef`, which a message then carries by its id.
 * - `POST /api/files/cookie`: lets this browser's own elements read files.
 * - `GET /api/files/avatars/:id`: the picture of a person, for who is signed in, as the person's name is.
 * - `GET /api/files/:id` and `/preview`: for the owner and for who sees a message with it, asked anew at each request; the preview of a picture
 *   in the directory for all who may look into that.
 */
export function addFileRoutes(app: FastifyInstance, options: FileRoutesOptions): void {
  const { uploads, readers } = options;
  app.addContentTypeParser('application/offset+octet-stream', (_request, payload, done) => done(null, payload));
  const upload = async (request: FastifyRequest, reply: FastifyReply) => {
    const user = await readers.callerOf(request);
    return answer(reply, await uploads.handle(user, asWebRequest(request)));
  };
  const one = `${uploadsPath}/:id`;
  app.route({ method: 'POST', url: uploadsPath, schema: beginSchema, config, handler: upload });
  app.route({ method: 'HEAD', url: one, schema: progressSchema, config: { ...config, ...described }, handler: upload });
  app.route({ method: 'PATCH', url: one, schema: goOnSchema, config, handler: upload });
  app.route({ method: 'DELETE', url: one, schema: giveUpSchema, config, handler: upload });
  app.post('/api/files/cookie', { schema: cookieSchema, config }, (request, reply) => readers.admit(request, reply));
  app.post<OneFile>('/api/files/:id', { schema: finishSchema, config }, async (request): Promise<FileRef> => {
    return uploads.finish(await readers.callerOf(request), request.params.id);
  });
  app.get<OneFile>(`${avatarsPath}/:id`, { schema: avatarSchema, config }, async (request, reply) => {
    await readers.readerOf(request);
    const bytes = await options.avatars.read(request.params.id);
    if (bytes === null) throw new RestRefusal('not_found');
    return reply.headers(avatarHeaders).send(Readable.from(bytes));
  });
  app.get<OneFile>('/api/files/:id', { schema: fileSchema, config }, (request, reply) =>
    serve(options, request, reply, { id: request.params.id, preview: false }),
  );
  app.get<OneFile>('/api/files/:id/preview', { schema: previewSchema, config }, (request, reply) =>
    serve(options, request, reply, { id: request.params.id, preview: true }),
  );
}

interface Wanted {
  readonly id: string;
  readonly preview: boolean;
}

/** Of a group's picture in the directory, who may look into that has the preview alone. */
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
  const record = await seenBy(await options.readers.readerOf(request), options.records, wanted);
  if (record?.ref == null || (wanted.preview && record.ref.picture === undefined)) throw new RestRefusal('not_found');
  const name = wanted.preview ? previewName(wanted.id) : wanted.id;
  const size = await files.size(name);
  if (size === null) throw new RestRefusal('not_found');
  const tag = `"${name}"`;
  reply.headers(headersOf(record.ref, wanted.preview)).header('etag', tag);
  // The bytes under a name never change; whether one may have them is asked each time.
  if (request.headers['if-none-match'] === tag) return reply.code(304).send();
  const { range, 'if-range': condition } = request.headers;
  const asked = condition === undefined || condition === tag ? parseRange(range, size) : null;
  if (asked === 'unsatisfiable') return reply.code(416).header('content-range', `bytes */${size}`).send();
  const bytes = await files.read(name, asked);
  if (bytes === null) throw new RestRefusal('not_found');
  if (asked === null) return reply.header('content-length', size).send(Readable.from(bytes));
  return reply
    .code(206)
    .header('content-range', `bytes ${asked.first}-${asked.last}/${size}`)
    .header('content-length', asked.last - asked.first + 1)
    .send(Readable.from(bytes));
}

/** Another picture has another address, so one that was fetched need not be asked for again. */
const avatarHeaders = {
  'content-type': 'image/webp',
  'content-disposition': 'inline',
  'content-security-policy': inertPolicy,
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
    'content-security-policy': inertPolicy,
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'private, no-cache',
    'accept-ranges': 'bytes',
  };
}

/** RFC 5987 section 3.2.1: percent-encoding, and of what `encodeURIComponent` leaves, the signs that are no `attr-char`. */
function encodeRfc5987(text: string): string {
  const encoded = encodeURIComponent(text);
  return encoded.replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The library of the protocol takes requests as `fetch` makes them; the body is read as it comes. */
function asWebRequest(request: FastifyRequest): Request {
  const { method, url, headers, body } = request;
  const sent = new Headers();
  for (const [name, value] of Object.entries(headers)) if (typeof value === 'string') sent.set(name, value);
  // Nothing of it is looked at but its path.
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
