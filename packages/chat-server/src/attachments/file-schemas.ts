import type { RestErrorCode } from '@everywire/chat';
import Type, { type TSchema } from 'typebox';
import { fileRef } from '../log-schemas.js';
import { refusalSchemas } from '../rest-route.js';
import { exactly, hexDigits } from '../schema-parts.js';

/*
 * Schemas of the file routes, for validation by Fastify and for OpenAPI. Some headers are also checked by the library of
 * the upload protocol (tus). The rules here are the same, so that a violation is refused here, like in any other route.
 */

type Headers = Readonly<Record<string, TSchema>>;

/** The description of one route, from which `describe` creates its schema. */
interface FileRoute {
  readonly summary: string;
  readonly description?: string;
  /** Absent if the address has no variable part. */
  readonly params?: TSchema;
  readonly headers?: Headers;
  /** Media type of a binary body. */
  readonly takes?: string;
  /** Whether the files cookie may replace the token. */
  readonly cookie?: true;
  readonly answers: Readonly<Record<number, object>>;
  readonly refusals: readonly RestErrorCode[];
}

const bytes = {};
const params = exactly({ id: hexDigits(32) });

const count = (description: string) => Type.String({ pattern: '^(0|[1-9]\\d{0,15})$', description });
const line = (description: string) => Type.String({ description });

const protocol = {
  'tus-resumable': Type.Optional(line('`1.0.0`. If it is missing or another version, the answer is 412.')),
};
const tusHeader = { 'Tus-Resumable': line('`1.0.0`') };
const expires = { 'Upload-Expires': line('When the upload is removed unless it is resumed.') };
/** The answer for another version of the protocol, which prescribes the status. The body has the code `invalid`. */
const otherVersion = { 412: refusal('The request is not of version 1.0.0 of the protocol.') };

function refusal(description: string): TSchema {
  return { ...refusalSchemas({ right: 'anyone', refusals: [] })['400'], description } as TSchema;
}

function withoutBody(description: string, headers: Headers = {}): object {
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

/** Schema of `OPTIONS /api/files/uploads`. */
export const optionsSchema: Record<string, unknown> = {
  summary: 'Returns the supported version and extensions of the upload protocol',
  description: 'A tus 1.0.0 client requests this before it uploads. Needs no token.',
  response: {
    204: withoutBody('The supported versions and extensions.', {
      ...tusHeader,
      'Tus-Version': line('`1.0.0`'),
      'Tus-Extension': line('Names, separated by commas.'),
      'Tus-Max-Size': count('Maximum bytes of a file.'),
    }),
    ...refusalSchemas({ right: 'anyone', refusals: [] }),
  },
};

/** Schema of `POST /api/files/uploads`. */
export const beginSchema: Record<string, unknown> = describe({
  summary: 'Begins an upload',
  description:
    'The protocol tus 1.0.0, with creation-with-upload: a body of `application/offset+octet-stream` is its first part.',
  headers: {
    ...protocol,
    'upload-length': count('Bytes of the whole file.'),
    'upload-metadata': Type.Optional(line('`filename` and `filetype` in base64, as the protocol writes them.')),
  },
  answers: {
    201: withoutBody('The upload continues at the address in `Location`.', {
      Location: line('Address of the upload.'),
      ...tusHeader,
      ...expires,
    }),
    ...otherVersion,
  },
  refusals: ['quota_exceeded', 'too_many'],
});

/** Schema of `HEAD /api/files/uploads/:id`. */
export const progressSchema: Record<string, unknown> = silent(
  describe({
    summary: 'Returns the offset at which an upload resumes',
    params,
    headers: protocol,
    answers: {
      200: withoutBody('The progress of the upload.', {
        'Upload-Offset': count('Bytes received.'),
        'Upload-Length': count('Bytes of the whole file.'),
        ...tusHeader,
      }),
      410: withoutBody('The upload was removed.'),
      ...otherVersion,
    },
    refusals: ['not_found'],
  }),
);

/** Schema of `PATCH /api/files/uploads/:id`. */
export const resumeSchema: Record<string, unknown> = describe({
  summary: 'Resumes an upload',
  params,
  headers: { ...protocol, 'upload-offset': count('Bytes received so far.') },
  takes: 'application/offset+octet-stream',
  answers: {
    204: withoutBody('The bytes were stored.', { 'Upload-Offset': count('Bytes received.'), ...tusHeader }),
    409: refusal('The offset is wrong; `HEAD` returns the right one.'),
    410: refusal('The upload was removed.'),
    ...otherVersion,
  },
  refusals: ['not_found'],
});

/** Schema of `DELETE /api/files/uploads/:id`. */
export const cancelSchema: Record<string, unknown> = describe({
  summary: 'Cancels an upload',
  params,
  headers: protocol,
  answers: {
    204: withoutBody('The upload was removed.', tusHeader),
    410: refusal('It had already been removed.'),
    ...otherVersion,
  },
  refusals: ['not_found'],
});

/** Schema of `POST /api/files/:id`. */
export const finishSchema: Record<string, unknown> = describe({
  summary: 'Finishes a complete upload as a file; idempotent',
  params,
  answers: { 200: { ...fileRef, description: 'The file, in the form that a message carries.' } },
  refusals: ['not_found', 'upload_unfinished'],
});

/** Schema of `POST /api/files/cookie`. */
export const cookieSchema: Record<string, unknown> = describe({
  summary: "Lets this browser's own elements read files",
  answers: {
    204: withoutBody('Sets a cookie that authorizes reading files and nothing else.', {
      'Set-Cookie': line('`everywire_files`'),
    }),
  },
  refusals: [],
});

/** Schema of `GET /api/files/avatars/:id`. */
export const avatarSchema: Record<string, unknown> = describe({
  summary: 'Returns the avatar of a user',
  params,
  cookie: true,
  answers: {
    200: content('image/webp', 'A square of 256 pixels.', {
      'Cache-Control': line('The content of an address never changes.'),
    }),
  },
  refusals: ['not_found'],
});

const part = {
  range: Type.Optional(line('The requested bytes (RFC 9110 section 14.2).')),
  'if-range': Type.Optional(line('The tag that the range applies to; for any other tag the whole file is returned.')),
  'if-none-match': Type.Optional(line('The tag of the cached copy.')),
};
const tag = { ETag: line('The bytes under a tag never change.') };
const shown = {
  ...tag,
  'Content-Disposition': line('`inline` for pictures, audio and video, otherwise `attachment`.'),
  'Content-Length': count('Bytes.'),
  'Accept-Ranges': line('`bytes`'),
};
const range = line('The range of bytes and the total size.');

function reads(summary: string, type: string): Record<string, unknown> {
  return describe({
    summary,
    params,
    headers: part,
    cookie: true,
    answers: {
      200: content(type, 'The whole file.', shown),
      206: content(type, 'The requested range.', { ...shown, 'Content-Range': range }),
      304: withoutBody('The cached copy is current.', tag),
      416: withoutBody('The range is beyond the end of the file.', { 'Content-Range': range }),
    },
    refusals: ['not_found'],
  });
}

/** Schema of `GET /api/files/:id`. */
export const fileSchema: Record<string, unknown> = reads(
  'Returns a file, for its owner and for users who see a message with it',
  '*/*',
);
/** Schema of `GET /api/files/:id/preview`. */
export const previewSchema: Record<string, unknown> = reads(
  'Returns the preview of a picture, for the same users',
  'image/webp',
);

/** Removes the bodies from the answers, for HEAD. */
function silent(schema: Record<string, unknown>): Record<string, unknown> {
  const answers = Object.entries(
    schema['response'] as Record<string, { readonly description: string; readonly headers?: Headers }>,
  );
  return {
    ...schema,
    response: Object.fromEntries(
      answers.map(([status, { description, headers }]) => [status, withoutBody(description, headers)]),
    ),
  };
}
