import { errorSentence, type RestErrorCode } from '@everywire/chat';
import Type, { type TObject } from 'typebox';
import { messageRowSchema } from './log-schemas.js';
import { exactly } from './schema-parts.js';

/*
 * The schemas of REST requests and answers. One schema checks requests, gives their handlers types, and appears in the
 * OpenAPI document. This file has the schemas that several routes share; the others are in `account-schemas.ts`,
 * `admission-schemas.ts` and so on.
 */

/** Fields that several requests and answers have. */
export const fields = {
  name: Type.String({
    maxLength: 200,
    description: 'Letters, digits, dots, underscores or hyphens, as many as `GET /api/server` allows.',
  }),
  displayName: Type.String({
    maxLength: 400,
    description: 'Visible characters on one line, at most `displayNameCharactersMax`.',
  }),
  password: Type.String({
    maxLength: 1_024,
    description: 'From `passwordCharactersMin` to `passwordCharactersMax` of `GET /api/server`.',
  }),
  label: Type.Optional(
    Type.String({ maxLength: 400, description: 'A name by which the user recognises this device.' }),
  ),
  secret: Type.String({ maxLength: 100, description: 'From the fragment of a link.' }),
  email: Type.String({ maxLength: 400, description: 'For links that reset the password; empty for none.' }),
  millis: Type.Integer({ minimum: 0, description: 'Milliseconds since the epoch.' }),
  role: Type.Enum(['guest', 'member', 'administrator']),
  code: Type.String({
    maxLength: 100,
    description: 'Six digits of the second factor, or a recovery code; for an email address the code from the mail.',
  }),
};

/** Schema of a public profile. */
export const person = exactly(
  {
    id: Type.Integer({ minimum: 1 }),
    name: Type.String(),
    displayName: Type.String(),
    status: Type.Optional(Type.String()),
    avatar: Type.Optional(Type.String()),
    guest: Type.Optional(Type.Literal(true)),
    state: Type.Optional(Type.Enum(['suspended', 'deleted'])),
  },
  'The public profile of a user. Empty parts are absent; the names of a deleted account are empty.',
);

/** Answer of every route that signs a user in. */
export const signedInAnswer = exactly({ me: person, token: Type.String({ description: 'Returned only once.' }) });

/** Answer of every route that returns the caller's own profile. */
export const meAnswer = exactly({ me: person });

/** Parameters of routes that name one device or invitation. */
export const idParams = exactly({ id: Type.String({ maxLength: 100 }) });

/** Answer of `GET /api/openapi.json`. */
export const openApiAnswer = Type.Object({
  openapi: Type.String(),
  info: Type.Object({ title: Type.String(), version: Type.String() }),
  paths: Type.Record(Type.String(), Type.Unknown()),
});

/** Returns the schema of a refusal with these codes, which one route answers with one status. */
export function refusalAnswer(codes: readonly RestErrorCode[]): TObject {
  const meaning = codes.map((code) => `${code}: ${errorSentence(code, 'en')}`).join(' ');
  return exactly(
    {
      code: Type.Enum([...codes]),
      retryable: Type.Boolean(),
      text: Type.String(),
      retryAfterMs: Type.Optional(Type.Integer()),
      ...(codes.includes('edit_conflict') && { row: Type.Optional(messageRowSchema) }),
    },
    meaning,
  );
}
