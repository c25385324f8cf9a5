import type { RestErrorCode } from '@everywire/chat';
import Type, { type TSchema } from 'typebox';
import { fileRef } from '../log-schemas.js';
import { refusalSchemas } from '../rest-route.js';
import { exactly, hexDigits } from '../schema-parts.js';

/*
 * What the routes of files take and answer, as Fastify checks it and OpenAPI tells it. Of a header that is checked by the protocol's library too, the rule here
 * is the same, so that a breach is refused like any other.
 */

type Headers = Readonly<Record<string, TSchema>>;

interface FileRoute {
  readonly summary: string;
  readonly description?: string;
  /** Absent: the address has no part that varies. */
  readonly params?: TSchema;
  readonly headers?: Headers;
  /** Bytes, of this media type. */
  readonly takes?: string;
  /** Whether the cookie of files does what the token does. */
  readonly cookie?: true;
  readonly answers: Readonly<Record<number, object>>;
  readonly refusals: readonly RestErrorCode[];
}

const bytes = {};
const params = exactly({ id: hexDigits(32) });

const count = (description: string) => Type.String({ pattern: '^(0|[1-9]\\d{0,15})$', description });
const line = (description: string) => Type.String({ description });

const protocol = { 'tus-resumable': Type.Optional(line('`1.0.0`. Where it is missing or another the answer is 412.')) };
const told = { 'Tus-Resumable': line('`1.0.0`') };
const expires = { 'Upload-Expires': line('When it is removed unless it is gone on with.') };
/** The protocol has statuses of its own for these; the body has the code `invalid`. */
const otherVersion = { 412: refusal('It is not of version 1.0.0 of the protocol.') };

function refusal(description: string): TSchema {
  return { ...refusalSchemas({ right: 'anyone', refusals: [] })['400'], description } as TSchema;
}

function noBody(description: string, headers: Headers = {}): object {
  return { type: 'null', description, headers };
}

function content(type: string, description: string, headers: Headers): object {
  return { description, headers, content: { [type]: { schema: bytes } } };
}

function describe(route: FileRoute): Record<string, unknown> {
  const { summary, description, headers, takes, cookie } = route;
  const refusals = refusalSchemas({ right: 'person', refusals: route.refusals });
  return {
    summary,
    ...(description !== undefined && { description }),
    ...(route.params !== undefined && { params: route.params }),
    ...(headers !== undefined && { headers: Type.Object({ ...headers }) }),
    ...(takes !== undefined && { body: { content: { [takes]: { schema: bytes } } } }),
    security: [{ bearer: [] }, ...(cookie === true ? [{ filesCookie: [] }] : [])],
    response: { ...refusals, ...route.answers },
  };
}

export const optionsSchema: Record<string, unknown> = {
  summary: 'What of the upload protocol is spoken',
  description: 'The protocol tus 1.0.0 asks this before it begins. Needs no token.',
  response: {
    204: noBody('These versions and extensions.', {
      ...told,
      'Tus-Version': line('`1.0.0`'),
      'Tus-Extension': line('Names, with commas.'),
      'Tus-Max-Size': count('Bytes that a file may have.'),
    }),
    ...refusalSchemas({ right: 'anyone', refusals: [] }),
  },
};

export const beginSchema: Record<string, unknown> = describe({
  summary: 'Begins an upload',
  description:
    'The protocol tus 1.0.0, with creation-with-upload: a body of `application/offset+octet-stream` is its first part.',
  headers: {
    ...protocol,
    'upload-length': count('Bytes of the whole.'),
    'upload-metadata': Type.Optional(line('`filename` and `filetype` in base64, as the protocol writes them.')),
  },
  answers: {
    201: noBody('It may go on at that address.', { Location: line('Its address.'), ...told, ...expires }),
    ...otherVersion,
  },
  refusals: ['quota_exceeded', 'too_many'],
});

export const progressSchema: Record<string, unknown> = silent(
  describe({
    summary: 'Where an upload goes on',
    ...{ params, headers: protocol },
    answers: {
      200: noBody('What is there.', {
        'Upload-Offset': count('Bytes that are there.'),
        'Upload-Length': count('Bytes of the whole.'),
        ...told,
      }),
      410: noBody('It was removed.'),
      ...otherVersion,
    },
    refusals: ['not_found'],
  }),
);

export const goOnSchema: Record<string, unknown> = describe({
  summary: 'Goes on with an upload',
  params,
  headers: { ...protocol, 'upload-offset': count('Bytes that are there.') },
  takes: 'application/offset+octet-stream',
  answers: {
    204: noBody('They are there.', { 'Upload-Offset': count('Bytes that are there now.'), ...told }),
    409: refusal('So many bytes are not there; `HEAD` says how many.'),
    410: refusal('It was removed.'),
    ...otherVersion,
  },
  refusals: ['not_found'],
});

export const giveUpSchema: Record<string, unknown> = describe({
  summary: 'Gives an upload up',
  ...{ params, headers: protocol },
  answers: { 204: noBody('It is gone.', told), 410: refusal('It was removed.'), ...otherVersion },
  refusals: ['not_found'],
});

export const finishSchema: Record<string, unknown> = describe({
  summary: 'Makes a file of a whole upload; asked again, it answers the same',
  params,
  answers: { 200: { ...fileRef, description: 'The file, as a message carries it.' } },
  refusals: ['not_found', 'upload_unfinished'],
});

export const cookieSchema: Record<string, unknown> = describe({
  summary: "Lets this browser's own elements read files",
  answers: {
    204: noBody('The cookie reads files and does nothing else.', { 'Set-Cookie': line('`everywire_files`') }),
  },
  refusals: [],
});

export const avatarSchema: Record<string, unknown> = describe({
  summary: 'The picture of a person',
  ...{ params, cookie: true },
  answers: { 200: content('image/webp', 'A square of 256 pixels.', { 'Cache-Control': line('It never changes.') }) },
  refusals: ['not_found'],
});

const part = {
  range: Type.Optional(line('Bytes that are asked for (RFC 9110 section 14.2).')),
  'if-range': Type.Optional(line('The tag for which the range holds; for another the whole is given.')),
  'if-none-match': Type.Optional(line('The tag one has.')),
};
const tag = { ETag: line('The bytes under it never change.') };
const shown = {
  ...tag,
  'Content-Disposition': line('`inline` for pictures, sound and movies, else `attachment`.'),
  'Content-Length': count('Bytes.'),
  'Accept-Ranges': line('`bytes`'),
};
const range = line('Which bytes of how many.');

function reads(summary: string, type: string): Record<string, unknown> {
  return describe({
    summary,
    ...{ params, headers: part, cookie: true },
    answers: {
      200: content(type, 'The whole.', shown),
      206: content(type, 'The part that was asked for.', { ...shown, 'Content-Range': range }),
      304: noBody('The tag still stands for what one has.', tag),
      416: noBody('It has no such part.', { 'Content-Range': range }),
    },
    refusals: ['not_found'],
  });
}

export const fileSchema: Record<string, unknown> = reads(
  'A file, for its owner and for who sees a message with it',
  '*/*',
);
export const previewSchema: Record<string, unknown> = reads(
  'The preview of a picture, for the same people',
  'image/webp',
);

/** The answers to HEAD, which have no bodies. */
function silent(schema: Record<string, unknown>): Record<string, unknown> {
  const answers = Object.entries(
    schema['response'] as Record<string, { readonly description: string; readonly headers?: Headers }>,
  );
  return {
    ...schema,
    response: Object.fromEntries(
      answers.map(([status, { description, headers }]) => [status, noBody(description, headers)]),
    ),
  };
}
