import { errorSentence, type RestErrorCode } from '@everywire/chat';
import Type, { type TObject } from 'typebox';
import { messageRow } from './log-schemas.js';
import { exactly } from './schema-parts.js';

/*
 * The shape of every REST request and answer: what checks a request, what types its handler and what the OpenAPI document says are one value.
 * Strings are bounded generously here, for memory; their rules (and the codes that name them) are the sign-in's.
 */

const name = Type.String({
  maxLength: 200,
  description: 'Letters, digits, dots, underscores or hyphens, as many as `GET /api/server` says.',
});
const displayName = Type.String({
  maxLength: 400,
  description: 'Visible characters on one line, at most `displayNameCharactersMax`.',
});
const password = Type.String({
  maxLength: 1_024,
  description: 'From `passwordCharactersMin` to `passwordCharactersMax` of `GET /api/server`.',
});
const label = Type.Optional(Type.String({ maxLength: 400, description: 'What the person recognises this device by.' }));
const secret = Type.String({ maxLength: 100, description: 'From the fragment of a link.' });
const email = Type.String({ maxLength: 400, description: 'For a link to a new password; empty for none.' });
const millis = Type.Integer({ minimum: 0, description: 'Milliseconds since the epoch.' });
const role = Type.Enum(['guest', 'member', 'administrator']);
const registration = Type.Enum(['open', 'invitation', 'closed']);
const id = Type.String({ maxLength: 100 });
const code = Type.String({ maxLength: 100, description: 'Six digits of the second factor, or a recovery code.' });

export const person = exactly(
  {
    id: Type.Integer({ minimum: 1 }),
    name: Type.String(),
    displayName: Type.String(),
    status: Type.Optional(Type.String()),
    avatar: Type.Optional(Type.String()),
    guest: Type.Optional(Type.Literal(true)),
  },
  'A person as others may see them. What is not said is absent.',
);

export const registerRequest = exactly({
  name,
  displayName: Type.Optional(displayName),
  password,
  label,
  email: Type.Optional(email),
});

export const logInRequest = exactly({ name, password, label, code: Type.Optional(code) });

export const logOutRequest = Type.Union([Type.Null(), exactly({ everywhere: Type.Optional(Type.Boolean()) })]);

export const passwordRequest = exactly({ current: password, next: password });

export const signedInAnswer = exactly({ me: person, token: Type.String({ description: 'Shown this once.' }) });

export const meAnswer = exactly({ me: person });

export const profileRequest = exactly({
  displayName: Type.Optional(displayName),
  status: Type.Optional(
    Type.String({ maxLength: 1_000, description: 'At most `statusCharactersMax` on one line; empty for none.' }),
  ),
});

export const avatarRequest = exactly({
  file: Type.String({ pattern: '^[0-9a-f]{32}$', description: "A finished upload of one's own." }),
});

export const emailRequest = exactly({ email, password });

export const serverAnswer = exactly({
  name: Type.String(),
  runBy: Type.String(),
  registration,
  version: Type.String(),
  nameCharactersMin: Type.Integer({ description: 'Of a name that one logs in with.' }),
  nameCharactersMax: Type.Integer(),
  displayNameCharactersMax: Type.Integer(),
  statusCharactersMax: Type.Integer(),
  passwordCharactersMin: Type.Integer({ description: 'Of a new password.' }),
  passwordCharactersMax: Type.Integer(),
  openId: Type.Union([Type.String(), Type.Null()], { description: 'Name of the provider one can sign in by.' }),
  tcp: Type.Union([exactly({ port: Type.Integer(), encrypted: Type.Boolean() }), Type.Null()]),
});

/** An account that is made by a link: of the first start, or of an invitation. */
export const accountRequest = exactly({
  secret,
  name,
  displayName: Type.Optional(displayName),
  password,
  label,
  email: Type.Optional(email),
});

export const secretRequest = exactly({ secret });

export const linkAnswer = exactly({
  kind: Type.Enum(['setup', 'account', 'guest', 'reset']),
  by: Type.Union([person, Type.Null()], { description: 'Who invites; null for a link that is no invitation.' }),
  expiresAt: millis,
});

export const joinAsGuestRequest = exactly({ secret, displayName, label });

export const invitationRequest = exactly({
  kind: Type.Enum(['account', 'guest']),
  label: Type.Optional(Type.String({ maxLength: 400 })),
  usesMax: Type.Integer({ minimum: 1, maximum: 1_000 }),
  days: Type.Integer({ minimum: 1, maximum: 365 }),
});

const invitation = exactly({
  id: Type.String(),
  kind: Type.Enum(['account', 'guest']),
  label: Type.String(),
  by: Type.Union([Type.Integer(), Type.Null()]),
  createdAt: millis,
  expiresAt: millis,
  usesMax: Type.Integer(),
  uses: Type.Integer(),
});

export const createdInvitationAnswer = exactly({
  invitation,
  secret: Type.String({ description: 'Goes into the fragment of a link; shown this once.' }),
});

export const invitationsAnswer = exactly({ invitations: Type.Array(invitation) });

export const idParams = exactly({ id });

export const upgradeRequest = exactly({
  name,
  displayName: Type.Optional(displayName),
  password,
  secret: Type.Optional(secret),
});

export const devicesAnswer = exactly({
  devices: Type.Array(
    exactly({
      id: Type.String(),
      label: Type.String(),
      createdAt: millis,
      usedAt: millis,
      transport: Type.String({ description: 'By which it is connected, or was last; `rest`: it never had a session.' }),
      connected: Type.Boolean(),
      current: Type.Boolean({ description: 'The one that asks.' }),
    }),
  ),
});

export const settingsRequest = exactly({
  registration: Type.Union([registration, Type.Null()], { description: 'null: what the operator set holds again.' }),
});

export const settingsAnswer = exactly({
  registration,
  chosen: Type.Union([registration, Type.Null()]),
  configured: registration,
});

export const countersAnswer = exactly({
  counters: Type.Record(Type.String(), Type.Integer(), { description: 'By the code of the notice.' }),
});

export const userParams = exactly({ id: Type.String({ pattern: '^[1-9][0-9]{0,14}$' }) });

export const roleRequest = exactly({ role: Type.Enum(['member', 'administrator']) });

export const accountAnswer = exactly({
  me: person,
  role,
  email: Type.String(),
  hasPassword: Type.Boolean(),
  secondFactor: Type.Boolean(),
  recoveryCodesLeft: Type.Integer(),
});

export const beginOpenIdAnswer = exactly({
  url: Type.String({ description: 'Where the browser goes.' }),
  flow: Type.String({ description: 'Kept by the browser that began, and brought back.' }),
});

export const finishOpenIdRequest = exactly({
  flow: Type.String({ maxLength: 100 }),
  answer: Type.String({ maxLength: 6_000, description: 'What the provider put into the fragment.' }),
  label,
});

export const askResetRequest = exactly({
  who: Type.String({ maxLength: 400, description: 'A user name or a mail address. Whether there is one is not told.' }),
});

export const finishResetRequest = exactly({ secret, password });

export const passwordAgainRequest = exactly({ password });

export const codeRequest = exactly({ code });

export const removeFactorRequest = exactly({ password, code });

export const secondFactorAnswer = exactly({
  secret: Type.String({ description: 'Base32, to type.' }),
  uri: Type.String({ description: 'To show as a QR code.' }),
});

export const recoveryCodesAnswer = exactly({
  recoveryCodes: Type.Array(Type.String(), { description: 'Each is good once; shown this once.' }),
});

export const openApiAnswer = Type.Object({
  openapi: Type.String(),
  info: Type.Object({ title: Type.String(), version: Type.String() }),
  paths: Type.Record(Type.String(), Type.Unknown()),
});

/** The one shape of all refusals; the codes are those that one route answers with one status. */
export function refusalAnswer(codes: readonly RestErrorCode[]): TObject {
  const meaning = codes.map((code) => `${code}: ${errorSentence(code, 'en')}`).join(' ');
  return exactly(
    {
      code: Type.Enum([...codes]),
      retryable: Type.Boolean(),
      text: Type.String(),
      retryAfterMs: Type.Optional(Type.Integer()),
      ...(codes.includes('edit_conflict') && { row: Type.Optional(messageRow) }),
    },
    meaning,
  );
}
