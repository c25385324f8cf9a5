import { isIP } from 'node:net';
import Type, { type Static, type TSchema } from 'typebox';

/** One thing an operator can set. The same name is used in the environment and in the configuration file. */
export interface Setting<Schema extends TSchema = TSchema> {
  readonly schema: Schema;
  readonly fallback: Static<Schema>;
  /** What it takes, as it is said in an error and in the guide. */
  readonly takes: string;
  readonly about: string;
  /** Never repeated in an error. */
  readonly secret?: true;
}

function setting<Schema extends TSchema>(
  schema: Schema,
  fallback: Static<Schema>,
  takes: string,
  about: string,
): Setting<Schema> {
  return { schema, fallback, takes, about };
}

function wholeNumber(
  minimum: number,
  maximum: number,
  fallback: number,
  about: string,
): Setting<ReturnType<typeof Type.Integer>> {
  return setting(Type.Integer({ minimum, maximum }), fallback, `a whole number from ${minimum} to ${maximum}`, about);
}

const origin = Type.Refine(Type.String(), isOrigin);
const network = Type.Refine(Type.String(), isNetwork);
const lineOfText = Type.String({ maxLength: 200, pattern: '^[^\\p{Cc}]*$' });

/** Every setting. `docs/guides/configuration.md` is checked against this table. */
export const settings = {
  PORT: wholeNumber(0, 65_535, 8_088, 'The TCP port to listen on; 0 takes any free one.'),
  HOST: setting(
    Type.String({ maxLength: 255 }),
    '',
    'a host name or an IP address',
    'The address to listen on. Empty: every address of the machine. Behind a proxy on the same machine: `127.0.0.1`.',
  ),
  EVERYWIRE_TCP_PORT: setting(
    Type.Union([Type.Literal('off'), Type.Integer({ minimum: 0, maximum: 65_535 })]),
    'off',
    'off or a whole number from 0 to 65535',
    'A port for raw TCP, for programs such as `everywire chat`; 0 takes any free one. With a certificate it speaks TLS.',
  ),
  EVERYWIRE_FLASH_DOMAINS: setting(
    Type.Array(Type.String({ pattern: '^[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$' }), { maxItems: 20 }),
    [],
    'host names, with commas between them',
    'Flash movies of these hosts may connect to the raw TCP port. Empty: none.',
  ),
  EVERYWIRE_DATA: setting(
    Type.String({ minLength: 1, maxLength: 4_096 }),
    './data',
    'the path of a directory',
    'Where everything is kept. Made if it is not there; readable only by the user the server runs as.',
  ),
  EVERYWIRE_ORIGINS: setting(
    Type.Array(origin, { maxItems: 100 }),
    [],
    'origins such as https://chat.example.org, with commas between them',
    'Pages of these origins may connect, besides the one that this server serves. Exact matches only.',
  ),
  EVERYWIRE_PREFLIGHT_SECONDS: wholeNumber(
    0,
    86_400,
    600,
    'Seconds for which a browser remembers that a page of `EVERYWIRE_ORIGINS` may use REST.',
  ),
  EVERYWIRE_JSONP: setting(
    Type.Union([Type.Literal('off'), Type.Literal('on')]),
    'off',
    'off or on',
    'Whether pages of `EVERYWIRE_ORIGINS` may use JSONP, and forms for what goes up. No browser of today needs it.',
  ),
  EVERYWIRE_NAME: setting(lineOfText, 'Everywire', 'one line of at most 200 characters', 'The name of the place.'),
  EVERYWIRE_RUN_BY: setting(
    lineOfText,
    '',
    'one line of at most 200 characters',
    'Who runs the place, as the log-in page says it. Empty: nothing is said.',
  ),
  EVERYWIRE_REGISTRATION: setting(
    Type.Union([Type.Literal('open'), Type.Literal('invitation'), Type.Literal('closed')]),
    'open',
    'open, invitation or closed',
    'Who may register: anyone, whoever has a link, nobody. Holds until an administrator chooses otherwise in the page.',
  ),
  EVERYWIRE_PUBLIC_URL: setting(
    Type.Union([Type.Literal(''), origin]),
    '',
    'an origin such as https://chat.example.org',
    'Where people find the server: links that it prints or sends begin so. Empty: as the line at the start says.',
  ),
  EVERYWIRE_JWT_ISSUER: setting(
    lineOfText,
    '',
    'one line of at most 200 characters',
    'The `iss` of tokens that a host application signs. With the next three its people come in by them. Empty: none do.',
  ),
  EVERYWIRE_JWT_AUDIENCE: setting(lineOfText, '', 'one line of at most 200 characters', 'The `aud` of such tokens.'),
  EVERYWIRE_JWT_ALGORITHM: setting(
    Type.Enum(['RS256', 'PS256', 'ES256', 'EdDSA', 'HS256']),
    'RS256',
    'RS256, PS256, ES256, EdDSA or HS256',
    'The only signature algorithm of such tokens that is accepted.',
  ),
  EVERYWIRE_JWT_KEY: setting(
    Type.String({ maxLength: 4_096 }),
    '',
    'the path of a file, or an https address',
    'Whose signature is good: a file with a public key in PEM, a JWKS, or the secret of HS256; or the address of a JWKS.',
  ),
  EVERYWIRE_JWT_CLOCK_SECONDS: wholeNumber(0, 300, 5, 'Seconds by which the clock of who signs them may differ.'),
  EVERYWIRE_OIDC_ISSUER: setting(
    Type.Union([Type.Literal(''), Type.String({ maxLength: 1_000, pattern: '^https?://[^\\s]+$' })]),
    '',
    'an https address',
    'The OpenID Connect provider that people may sign in by. Its redirect address is `EVERYWIRE_PUBLIC_URL` and a slash. Empty: none.',
  ),
  EVERYWIRE_OIDC_CLIENT_ID: setting(lineOfText, '', 'one line of at most 200 characters', 'Who we are to it.'),
  EVERYWIRE_OIDC_CLIENT_SECRET: {
    ...setting(lineOfText, '', 'one line of at most 200 characters', 'The secret that goes with it.'),
    secret: true,
  },
  EVERYWIRE_OIDC_MINUTES: wholeNumber(1, 60, 10, 'Minutes that a person has at the provider.'),
  EVERYWIRE_OIDC_NAME: setting(
    lineOfText,
    'OpenID',
    'one line of at most 200 characters',
    'What the button on the log-in page says.',
  ),
  EVERYWIRE_SMTP_URL: {
    ...setting(
      Type.Union([Type.Literal(''), Type.String({ maxLength: 1_000, pattern: '^smtps?://[^\\s]+$' })]),
      '',
      'an address such as smtps://user:password@mail.example.org',
      'The mail server for links to a new password. `smtp://` takes STARTTLS where it is offered. Empty: such links are printed.',
    ),
    secret: true,
  },
  EVERYWIRE_MAIL_FROM: setting(
    Type.String({ maxLength: 200, pattern: '^[^\\p{Cc}]*[^\\p{Cc}\\s<]@[^\\p{Cc}\\s]+$' }),
    'everywire@localhost',
    'a mail address, with a name before it in `Name <address>`',
    'Who mail is from.',
  ),
  EVERYWIRE_SIGN_IN_DAYS: wholeNumber(1, 3_650, 90, 'Days without use after which a sign-in ends.'),
  EVERYWIRE_TRUSTED_PROXIES: setting(
    Type.Array(network, { maxItems: 100 }),
    [],
    'IP addresses or networks such as 10.0.0.0/8, with commas between them',
    'Reverse proxies whose `X-Forwarded-For` is believed. Empty: nobody, the header is ignored.',
  ),
  EVERYWIRE_TLS_CERT: setting(
    Type.String({ maxLength: 4_096 }),
    '',
    'the path of a PEM file',
    'The certificate, its chain behind it. With `EVERYWIRE_TLS_KEY` the port speaks https and wss. Read again when it changes. Empty: plain http.',
  ),
  EVERYWIRE_TLS_KEY: setting(
    Type.String({ maxLength: 4_096 }),
    '',
    'the path of a PEM file',
    'The key of that certificate, without a pass phrase, readable only by the user the server runs as.',
  ),
  EVERYWIRE_LOG: setting(
    Type.Enum(['silent', 'error', 'warn', 'info', 'debug']),
    'info',
    'silent, error, warn, info or debug',
    'How much is logged.',
  ),
  EVERYWIRE_SHUTDOWN_SECONDS: wholeNumber(
    1,
    300,
    8,
    'Seconds that sessions get to end cleanly when the server is told to stop.',
  ),
  EVERYWIRE_PASSWORD_CHARACTERS: wholeNumber(
    8,
    128,
    8,
    'Characters of a new password, at least. Those that are set stay.',
  ),
  EVERYWIRE_PASSWORD_CHARACTERS_MAX: wholeNumber(128, 256, 256, 'Characters of a new password, at most.'),
  EVERYWIRE_NAME_CHARACTERS_MIN: wholeNumber(
    1,
    8,
    2,
    'Characters of a name that one logs in with, at least. Those that are set stay.',
  ),
  EVERYWIRE_NAME_CHARACTERS: wholeNumber(8, 64, 32, 'Characters of such a name, at most.'),
  EVERYWIRE_DISPLAY_NAME_CHARACTERS: wholeNumber(8, 200, 64, 'Characters of a name that others see.'),
  EVERYWIRE_STATUS_CHARACTERS: wholeNumber(1, 500, 100, 'Characters of the status that a person sets.'),
  EVERYWIRE_LABEL_CHARACTERS: wholeNumber(
    1,
    200,
    100,
    'Characters of what a sign-in or an invitation is recognised by; the rest is cut off.',
  ),
  EVERYWIRE_ATTEMPTS_PER_NAME: wholeNumber(
    1,
    1_000,
    10,
    'Attempts at the password of one name before the next one waits, half a minute each.',
  ),
  EVERYWIRE_PASSWORD_MEMORY_KIB: wholeNumber(7_168, 1_048_576, 19_456, 'KiB of memory that one argon2id hash takes.'),
  EVERYWIRE_PASSWORD_PASSES: wholeNumber(1, 20, 2, 'Passes of argon2id over that memory.'),
  EVERYWIRE_PASSWORD_HASHES_AT_ONCE: wholeNumber(1, 64, 1, 'Password hashes that run at once; each takes a core.'),
  EVERYWIRE_SIGN_INS_PER_MINUTE: wholeNumber(
    1,
    100_000,
    60,
    'Log-ins and registrations a minute from one address (an IPv6 /64 is one).',
  ),
  EVERYWIRE_RECOVERY_CODES: wholeNumber(1, 50, 10, 'Recovery codes that a person gets with the second factor.'),
  EVERYWIRE_SET_UP_HOURS: wholeNumber(
    1,
    8_760,
    24,
    'Hours that the link for the first administrator can be used; a start prints another.',
  ),
  EVERYWIRE_SESSIONS: wholeNumber(
    1,
    10_000_000,
    100_000,
    'Sessions alive at once; further ones are told to come again. About 10 KiB each.',
  ),
  EVERYWIRE_SESSIONS_PER_PERSON: wholeNumber(
    1,
    10_000,
    50,
    'Sessions of one person (each tab has one); a further one ends the oldest.',
  ),
  EVERYWIRE_COMMANDS_PER_SECOND: wholeNumber(
    1,
    1_000,
    50,
    'Commands a second of one session, after 200 at once; who sends faster is read more slowly.',
  ),
  EVERYWIRE_GROUP_MEMBERS: wholeNumber(2, 10_000, 10_000, 'Members of one group.'),
  EVERYWIRE_RECALL_HOURS: wholeNumber(
    0,
    87_600,
    24,
    'Hours after sending within which a message can be recalled by its sender. 0: by those who run the conversation alone.',
  ),
  EVERYWIRE_EDIT_HOURS: wholeNumber(
    0,
    87_600,
    48,
    'Hours after sending within which a message can be edited. 0: not at all.',
  ),
  EVERYWIRE_CHANNEL_MEMBERS: wholeNumber(2, 100_000, 100_000, 'Members of one channel.'),
  EVERYWIRE_INVITATIONS_PER_PERSON: wholeNumber(
    1,
    1_000,
    50,
    'Invitations of one person that can be used at the same time.',
  ),
  EVERYWIRE_RESET_MINUTES: wholeNumber(1, 1_440, 30, 'Minutes that a link for a new password can be used.'),
  EVERYWIRE_REST_PER_MINUTE: wholeNumber(
    1,
    1_000_000,
    600,
    'REST requests a minute from one address, commands included; log-ins are counted apart.',
  ),
  EVERYWIRE_ANSWER_STALLED_SECONDS: wholeNumber(
    1,
    3_600,
    120,
    'Seconds for which a reader may take nothing of a file or another answer before the connection is cut.',
  ),
  EVERYWIRE_FILE_MB: wholeNumber(0, 100_000, 200, 'Megabytes of one file that goes along with a message. 0: no files.'),
  EVERYWIRE_FILES_PER_PERSON_MB: wholeNumber(1, 100_000_000, 2_048, 'Megabytes of all files of one person.'),
  EVERYWIRE_TEXT_BYTES: wholeNumber(1, 16_384, 16_384, 'Bytes of one message, in UTF-8.'),
} as const;

export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug';
export type SettingName = keyof typeof settings;
export type Config = { readonly [Name in SettingName]: Static<(typeof settings)[Name]['schema']> };

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text && /^https?:/.test(text);
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}
