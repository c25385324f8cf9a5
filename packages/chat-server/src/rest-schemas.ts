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
const id = Type.String({ maxLength: 100 });
const code = Type.String({
  maxLength: 100,
  description: 'Six digits of the second factor, or a recovery code; of a mail address what was sent there.',
});

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
  'A person as others may see them. What is not said is absent; of a deleted account the names are empty.',
);

export const registerRequest = exactly({
  name,
  displayName: Type.Optional(displayName),
  password,
  label,
  email: Type.Optional(email),
});

/** Of all the accounts that a browser was signed in to, so that it need not say which secret is whose. */
const deviceSecretsMax = 8;

export const logInRequest = exactly({
  ...{ name, password, label, code: Type.Optional(code) },
  devices: Type.Optional(
    Type.Array(Type.String({ maxLength: 100 }), {
      maxItems: deviceSecretsMax,
      description: 'Secrets of `GET /api/device` that this device keeps, whoever they are of.',
    }),
  ),
});

export const deviceAnswer = exactly({
  device: Type.Union([Type.String(), Type.Null()], {
    description: 'Kept after signing out; null for an account without a password. Another one after a new password.',
  }),
});

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
  secret: Type.String({ description: 'Goes into the fragment of a link; shown this once.' }),
});

const linkPosition = Type.String({ pattern: '^[0-9]{1,16}_[0-9a-f-]{36}$', description: '`next` of the page before.' });
export const invitationsQuery = exactly({ after: Type.Optional(linkPosition) });

export const invitationsAnswer = exactly({
  invitations: Type.Array(invitation, { description: 'The oldest first.' }),
  next: Type.Union([Type.String(), Type.Null()], { description: '`after` of the next page; null: there is none.' }),
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
      transport: Type.String({ description: 'By which it is connected, or was last; `rest`: it never had a session.' }),
      connected: Type.Boolean(),
      current: Type.Boolean({ description: 'The one that asks.' }),
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
  after: Type.Optional(Type.String({ pattern: userPattern, description: '`next` of the page before.' })),
});

const administered = exactly({
  id: Type.Integer({ minimum: 1 }),
  name: Type.String(),
  displayName: Type.String(),
  avatar: Type.Optional(Type.String()),
  role,
  state,
  createdAt: millis,
  lastSeenAt: Type.Union([millis, Type.Null()], { description: 'To the minute; null: never.' }),
  devices: Type.Integer({ description: 'Sign-ins that can be used; tokens of a host application are not counted.' }),
  connected: Type.Boolean(),
});

export const administeredAnswer = exactly({ person: administered });

export const administeredPeopleAnswer = exactly({
  people: Type.Array(administered),
  next: Type.Union([Type.Integer(), Type.Null()], { description: '`after` of the next page; null: there is none.' }),
});

const { current: _current, ...device } = devicesAnswer.properties.devices.items.properties;

export const administeredDevicesAnswer = exactly({ devices: Type.Array(exactly(device)) });

export const deletionQuery = exactly({
  texts: Type.Enum(['keep', 'remove'], {
    description: 'Of what the account wrote to others: `keep` leaves it where it is, `remove` recalls it.',
  }),
});

export const accountAnswer = exactly({
  me: person,
  role,
  email: Type.String(),
  emailConfirmed: Type.Union([Type.Boolean(), Type.Null()], {
    description: 'Null where there is nothing to confirm: no address, or a place that sends no mail.',
  }),
  hasPassword: Type.Boolean(),
  secondFactor: Type.Boolean(),
  recoveryCodesLeft: Type.Integer(),
});

export const beginOpenIdAnswer = exactly({
  url: Type.String({ description: 'Where the browser goes.' }),
  flow: Type.String({ description: 'Kept by the browser that began, and brought back.' }),
});

export const finishOpenIdRequest = exactly({
  flow: Type.String({ maxLength: 600, description: 'What `POST /api/openid` gave to this browser.' }),
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
