import { errorSentence, type RestErrorCode } from '@everywire/chat';
import Type, { type TObject } from 'typebox';
import { messageRowSchema } from './log-schemas.js';
import { exactly } from './schema-parts.js';

/*
 * The schema of every REST request and answer: one value checks requests, types their handlers and appears in OpenAPI.
 * Strings have generous bounds here, for memory; the sign-in enforces their rules, with specific codes.
 */

const name = Type.String({
  maxLength: 200,
  description: 'Letters, digits, dots, underscores or hyphens, as many as `GET /api/server` allows.',
});
const displayName = Type.String({
  maxLength: 400,
  description: 'Visible characters on one line, at most `displayNameCharactersMax`.',
});
const password = Type.String({
  maxLength: 1_024,
  description: 'From `passwordCharactersMin` to `passwordCharactersMax` of `GET /api/server`.',
});
const label = Type.Optional(
  Type.String({ maxLength: 400, description: 'A name by which the user recognises this device.' }),
);
const secret = Type.String({ maxLength: 100, description: 'From the fragment of a link.' });
const email = Type.String({ maxLength: 400, description: 'For links that reset the password; empty for none.' });
const millis = Type.Integer({ minimum: 0, description: 'Milliseconds since the epoch.' });
const role = Type.Enum(['guest', 'member', 'administrator']);
const id = Type.String({ maxLength: 100 });
const code = Type.String({
  maxLength: 100,
  description: 'Six digits of the second factor, or a recovery code; for an email address the code from the mail.',
});

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

export const registerRequest = exactly({
  name,
  displayName: Type.Optional(displayName),
  password,
  label,
  email: Type.Optional(email),
});

/** Covers all accounts that signed in on a browser, so that it need not know which secret belongs to which. */
const deviceSecretsMax = 8;

export const logInRequest = exactly({
  ...{ name, password, label, code: Type.Optional(code) },
  devices: Type.Optional(
    Type.Array(Type.String({ maxLength: 100 }), {
      maxItems: deviceSecretsMax,
      description: 'Secrets of `GET /api/device` that this device keeps, of any account.',
    }),
  ),
});

export const deviceAnswer = exactly({
  device: Type.Union([Type.String(), Type.Null()], {
    description: 'Keep it after signing out. Null for an account without a password. A new password replaces it.',
  }),
});

export const logOutRequest = Type.Union([Type.Null(), exactly({ everywhere: Type.Optional(Type.Boolean()) })]);

export const passwordRequest = exactly({ current: password, next: password });

export const signedInAnswer = exactly({ me: person, token: Type.String({ description: 'Returned only once.' }) });

export const meAnswer = exactly({ me: person });

export const profileRequest = exactly({
  displayName: Type.Optional(displayName),
  status: Type.Optional(
    Type.String({ maxLength: 1_000, description: 'At most `statusCharactersMax` on one line; empty for none.' }),
  ),
});

export const avatarRequest = exactly({
  file: Type.String({ pattern: '^[0-9a-f]{32}$', description: 'A finished upload of yours.' }),
});

export const emailRequest = exactly({ email, password });

/** An account created by a set-up link or an invitation. */
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
  by: Type.Union([person, Type.Null()], { description: 'The inviter; null if the link is not an invitation.' }),
  expiresAt: millis,
});

export const joinAsGuestRequest = exactly({ secret, displayName, label });

export const invitationRequest = exactly({
  kind: Type.Enum(['account', 'guest']),
  label: Type.Optional(Type.String({ maxLength: 400 })),
  usesMax: Type.Integer({ minimum: 1, maximum: 1_000 }),
  days: Type.Integer({ minimum: 1, maximum: 365 }),
});

export const invitation = exactly({
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
  secret: Type.String({ description: 'Goes into the fragment of a link; returned only once.' }),
});

const linkPosition = Type.String({
  pattern: '^[0-9]{1,16}_[0-9a-f-]{36}$',
  description: '`next` of the previous page.',
});
export const invitationsQuery = exactly({ after: Type.Optional(linkPosition) });

export const invitationsAnswer = exactly({
  invitations: Type.Array(invitation, { description: 'The oldest first.' }),
  next: Type.Union([Type.String(), Type.Null()], { description: '`after` of the next page; null if there is none.' }),
});

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
      transport: Type.String({ description: 'The current or last transport; `rest` if it never had a session.' }),
      connected: Type.Boolean(),
      current: Type.Boolean({ description: 'Whether it sent this request.' }),
    }),
  ),
});

export const countersAnswer = exactly({
  counters: Type.Record(Type.String(), Type.Integer(), { description: 'By the code of the notice.' }),
});

const userPattern = '^[1-9][0-9]{0,14}$';

export const userParams = exactly({ id: Type.String({ pattern: userPattern }) });

export const roleRequest = exactly({ role: Type.Enum(['member', 'administrator']) });

const state = Type.Enum(['active', 'suspended']);

export const peopleQuery = exactly({
  query: Type.Optional(Type.String({ maxLength: 200, description: 'A part of a name.' })),
  state: Type.Optional(state),
  after: Type.Optional(Type.String({ pattern: userPattern, description: '`next` of the previous page.' })),
});

const administered = exactly({
  id: Type.Integer({ minimum: 1 }),
  name: Type.String(),
  displayName: Type.String(),
  avatar: Type.Optional(Type.String()),
  role,
  state,
  createdAt: millis,
  lastSeenAt: Type.Union([millis, Type.Null()], { description: 'To the minute; null if never.' }),
  devices: Type.Integer({ description: 'Usable sign-ins; excludes tokens of a host application.' }),
  connected: Type.Boolean(),
});

export const administeredAnswer = exactly({ person: administered });

export const administeredPeopleAnswer = exactly({
  people: Type.Array(administered),
  next: Type.Union([Type.Integer(), Type.Null()], { description: '`after` of the next page; null if there is none.' }),
});

const { current: _current, ...device } = devicesAnswer.properties.devices.items.properties;

export const administeredDevicesAnswer = exactly({ devices: Type.Array(exactly(device)) });

export const deletionQuery = exactly({
  texts: Type.Enum(['keep', 'remove'], {
    description: 'What happens to messages of the account to others: `keep` leaves them, `remove` recalls them.',
  }),
});

export const accountAnswer = exactly({
  me: person,
  role,
  email: Type.String(),
  emailConfirmed: Type.Union([Type.Boolean(), Type.Null()], {
    description: 'Null if there is no address or the server sends no mail.',
  }),
  hasPassword: Type.Boolean(),
  secondFactor: Type.Boolean(),
  recoveryCodesLeft: Type.Integer(),
});

export const beginOpenIdAnswer = exactly({
  url: Type.String({ description: 'Where to send the browser.' }),
  flow: Type.String({ description: 'The browser that began keeps it and sends it back.' }),
});

export const finishOpenIdRequest = exactly({
  flow: Type.String({ maxLength: 600, description: 'The `flow` that `POST /api/openid` returned to this browser.' }),
  answer: Type.String({ maxLength: 6_000, description: 'The fragment that the provider returned.' }),
  label,
});

export const askResetRequest = exactly({
  who: Type.String({
    maxLength: 400,
    description: 'A user name or an email address. The answer does not reveal whether the account exists.',
  }),
});

export const finishResetRequest = exactly({ secret, password });

export const passwordAgainRequest = exactly({ password });

export const codeRequest = exactly({ code });

export const removeFactorRequest = exactly({ password, code });

export const secondFactorAnswer = exactly({
  secret: Type.String({ description: 'Base32, for manual entry.' }),
  uri: Type.String({ description: 'For display as a QR code.' }),
});

export const recoveryCodesAnswer = exactly({
  recoveryCodes: Type.Array(Type.String(), { description: 'Each is valid once; returned only once.' }),
});

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
