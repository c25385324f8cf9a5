import Type from 'typebox';
import { fields, person } from './rest-schemas.js';
import { exactly } from './schema-parts.js';

/*
 * Schemas of requests and answers about the user's own account: signing in, devices, profile, password and second factor. The
 * bounds of strings are generous and only limit memory. The code behind the routes enforces the actual rules, with specific
 * error codes.
 */

/**
 * Secrets of all accounts that signed in on a browser. The browser sends all of them, because it cannot tell them
 * apart.
 */
const DEVICE_SECRETS_MAX = 8;

/** Body of `POST /api/register`. */
export const registerRequest = exactly({
  name: fields.name,
  displayName: Type.Optional(fields.displayName),
  password: fields.password,
  label: fields.label,
  email: Type.Optional(fields.email),
});

/** Body of `POST /api/login`. */
export const logInRequest = exactly({
  name: fields.name,
  password: fields.password,
  label: fields.label,
  code: Type.Optional(fields.code),
  devices: Type.Optional(
    Type.Array(Type.String({ maxLength: 100 }), {
      maxItems: DEVICE_SECRETS_MAX,
      description: 'Secrets of `GET /api/device` that this device keeps, of any account.',
    }),
  ),
});

/** Answer of `GET /api/device`: the secret by which the server recognises a browser that signed in before. */
export const deviceAnswer = exactly({
  device: Type.Union([Type.String(), Type.Null()], {
    description: 'Keep it after signing out. Null for an account without a password. A new password replaces it.',
  }),
});

/** Body of `POST /api/logout`: empty, or whether to sign out all devices. */
export const logOutRequest = Type.Union([Type.Null(), exactly({ everywhere: Type.Optional(Type.Boolean()) })]);

/** Body of `POST /api/password`. */
export const passwordRequest = exactly({ current: fields.password, next: fields.password });

/** Answer of `GET /api/devices`. */
export const devicesAnswer = exactly({
  devices: Type.Array(
    exactly({
      id: Type.String(),
      label: Type.String(),
      createdAt: fields.millis,
      usedAt: fields.millis,
      transport: Type.String({ description: 'The current or last transport; `rest` if it never had a session.' }),
      connected: Type.Boolean(),
      current: Type.Boolean({ description: 'Whether it sent this request.' }),
    }),
  ),
});

/** Answer of `POST /api/openid`. */
export const beginOpenIdAnswer = exactly({
  url: Type.String({ description: 'Where to send the browser.' }),
  flow: Type.String({ description: 'The browser that began keeps it and sends it back.' }),
});

/** Body of `POST /api/openid/finish`. */
export const finishOpenIdRequest = exactly({
  flow: Type.String({ maxLength: 600, description: 'The `flow` that `POST /api/openid` returned to this browser.' }),
  answer: Type.String({ maxLength: 6_000, description: 'The fragment that the provider returned.' }),
  label: fields.label,
});

/** Answer of `GET /api/account`: the account fields that only the user can see. */
export const accountAnswer = exactly({
  me: person,
  role: fields.role,
  email: Type.String(),
  emailConfirmed: Type.Union([Type.Boolean(), Type.Null()], {
    description: 'Null if there is no address or the server sends no mail.',
  }),
  hasPassword: Type.Boolean(),
  secondFactor: Type.Boolean(),
  recoveryCodesLeft: Type.Integer(),
});

/** Body of `PATCH /api/me`. An absent part is not changed. */
export const profileRequest = exactly({
  displayName: Type.Optional(fields.displayName),
  status: Type.Optional(
    Type.String({ maxLength: 1_000, description: 'At most `statusCharactersMax` on one line; empty for none.' }),
  ),
});

/** Body of `PUT /api/me/avatar`. */
export const avatarRequest = exactly({
  file: Type.String({ pattern: '^[0-9a-f]{32}$', description: 'A finished upload of yours.' }),
});

/** Body of `POST /api/email`. */
export const emailRequest = exactly({ email: fields.email, password: fields.password });

/** Body of `POST /api/reset`. */
export const askResetRequest = exactly({
  who: Type.String({
    maxLength: 400,
    description: 'A user name or an email address. The answer does not reveal whether the account exists.',
  }),
});

/** Body of `POST /api/reset/finish`. */
export const finishResetRequest = exactly({ secret: fields.secret, password: fields.password });

/**
 * Body of `POST /api/second-factor`. Requires the password again, because a stolen sign-in must not change the second
 * factor.
 */
export const passwordAgainRequest = exactly({ password: fields.password });

/** Body of `POST /api/second-factor/confirm` and `POST /api/email/confirm`. */
export const codeRequest = exactly({ code: fields.code });

/** Body of `POST /api/second-factor/remove`. */
export const removeFactorRequest = exactly({ password: fields.password, code: fields.code });

/** Answer of `POST /api/second-factor`: the secret for an authenticator application. */
export const secondFactorAnswer = exactly({
  secret: Type.String({ description: 'Base32, for manual entry.' }),
  uri: Type.String({ description: 'For display as a QR code.' }),
});

/** Answer of `POST /api/second-factor/confirm`. */
export const recoveryCodesAnswer = exactly({
  recoveryCodes: Type.Array(Type.String(), { description: 'Each is valid once; returned only once.' }),
});
