import Type, { type Static } from 'typebox';
import { fileSettings } from './file-settings.js';
import { mailSettings } from './mail-settings.js';
import { setting, wholeNumber } from './setting.js';
import { hostName, lineOfText, origin, pageOrigin, provider, proxy, servedName, userName } from './setting-shapes.js';
import { storeSettings } from './store-settings.js';

/** Every setting. `docs/guides/configuration.md` is checked against this table. */
export const settings = {
  PORT: wholeNumber(0, 65_535, 8_088, 'TCP port to listen on. 0 picks a free port.'),
  HOST: setting(
    Type.String({ maxLength: 255 }),
    '',
    'a host name or an IP address',
    'Address to listen on. Empty: all addresses of the machine. Behind a proxy on the same machine: `127.0.0.1`.',
  ),
  EVERYWIRE_TCP_PORT: setting(
    Type.Union([Type.Literal('off'), Type.Integer({ minimum: 0, maximum: 65_535 })]),
    'off',
    'off or a whole number from 0 to 65535',
    'Port for raw TCP, used by programs such as `everywire chat`. 0 picks a free port. With a certificate it uses TLS.',
  ),
  EVERYWIRE_FLASH_DOMAINS: setting(
    Type.Array(hostName, { maxItems: 20 }),
    [],
    'host names, separated by commas',
    'Hosts whose Flash movies can connect to the raw TCP port. Empty: none.',
  ),
  ...storeSettings,
  EVERYWIRE_ORIGINS: setting(
    Type.Array(pageOrigin, { maxItems: 100 }),
    [],
    'origins such as https://chat.example.org or capacitor://localhost, separated by commas',
    'Origins whose pages can connect, in addition to the page of this server. Exact matches only. The origin `null` and patterns cannot be allowed.',
  ),
  EVERYWIRE_HOSTS: setting(
    Type.Array(servedName, { maxItems: 100 }),
    [],
    'host names without port, separated by commas',
    'Host names under which people open this server, in addition to those of `EVERYWIRE_PUBLIC_URL` and `EVERYWIRE_ORIGINS`. If this or `EVERYWIRE_PUBLIC_URL` is set, requests for other public host names are refused.',
  ),
  EVERYWIRE_PREFLIGHT_SECONDS: wholeNumber(
    0,
    86_400,
    600,
    'Seconds for which a browser caches that a page of `EVERYWIRE_ORIGINS` can use REST.',
  ),
  EVERYWIRE_JSONP: setting(
    Type.Union([Type.Literal('off'), Type.Literal('on')]),
    'off',
    'off or on',
    'Whether pages of `EVERYWIRE_ORIGINS` can use JSONP, with form posts for upstream data. No current browser needs it.',
  ),
  EVERYWIRE_NAME: setting(
    lineOfText,
    'Everywire',
    'one line of at most 200 characters',
    'Name of the server, as people see it.',
  ),
  EVERYWIRE_RUN_BY: setting(
    lineOfText,
    '',
    'one line of at most 200 characters',
    'Who runs the server, shown on the sign-in page. Empty: not shown.',
  ),
  EVERYWIRE_REGISTRATION: setting(
    Type.Union([Type.Literal('open'), Type.Literal('invitation'), Type.Literal('closed')]),
    'open',
    'open, invitation or closed',
    'Who can register: anyone, people with an invite link, or no one. Applies until an admin changes it on the page.',
  ),
  EVERYWIRE_PUBLIC_URL: setting(
    Type.Union([Type.Literal(''), origin]),
    '',
    'an origin such as https://chat.example.org, in lower-case ASCII and without a slash, a path or the default port at its end',
    'Public address of the server. Links that it prints or sends begin with it. Empty: the address printed at start.',
  ),
  EVERYWIRE_JWT_ISSUER: setting(
    lineOfText,
    '',
    'one line of at most 200 characters',
    'The `iss` claim of tokens signed by a host application. With the next three settings, its users can sign in with them. Empty: such tokens are refused.',
  ),
  EVERYWIRE_JWT_AUDIENCE: setting(
    lineOfText,
    '',
    'one line of at most 200 characters',
    'The `aud` claim of such tokens.',
  ),
  EVERYWIRE_JWT_ALGORITHM: setting(
    Type.Enum(['RS256', 'PS256', 'ES256', 'EdDSA', 'HS256']),
    'RS256',
    'RS256, PS256, ES256, EdDSA or HS256',
    'The only signature algorithm accepted for such tokens.',
  ),
  EVERYWIRE_JWT_KEY: setting(
    Type.String({ maxLength: 4_096 }),
    '',
    'the path of a file, or an https address',
    'Key that verifies such tokens: a file with a public key in PEM, a JWKS or the secret of HS256, or the https address of a JWKS.',
  ),
  EVERYWIRE_JWT_CLOCK_SECONDS: wholeNumber(
    0,
    300,
    5,
    'Seconds by which the clock of the signing application may differ.',
  ),
  EVERYWIRE_OIDC_ISSUER: setting(
    Type.Union([Type.Literal(''), provider]),
    '',
    'an https address',
    'OpenID Connect provider for signing in. Its redirect address is `EVERYWIRE_PUBLIC_URL` and a slash. Empty: none.',
  ),
  EVERYWIRE_OIDC_CLIENT_ID: setting(
    lineOfText,
    '',
    'one line of at most 200 characters',
    'Client id of this server at the provider.',
  ),
  EVERYWIRE_OIDC_CLIENT_SECRET: {
    ...setting(lineOfText, '', 'one line of at most 200 characters', 'Client secret of this server at the provider.'),
    secret: true,
  },
  EVERYWIRE_OIDC_MINUTES: wholeNumber(1, 60, 10, 'Minutes in which a person must finish signing in at the provider.'),
  EVERYWIRE_OIDC_NAME: setting(
    lineOfText,
    'OpenID',
    'one line of at most 200 characters',
    'Name of the provider on the sign-in button.',
  ),
  ...mailSettings,
  EVERYWIRE_SIGN_IN_DAYS: wholeNumber(1, 3_650, 90, 'Days without use after which a sign-in expires.'),
  EVERYWIRE_TRUSTED_PROXIES: setting(
    Type.Array(proxy, { maxItems: 100 }),
    [],
    'IP addresses, networks such as 10.0.0.0/8, or `unix`, separated by commas',
    'Reverse proxies whose `X-Forwarded-For` header is trusted; `unix` is every peer over a Unix socket. Empty: the header is ignored.',
  ),
  EVERYWIRE_TLS_CERT: setting(
    Type.String({ maxLength: 4_096 }),
    '',
    'the path of a PEM file',
    'Certificate, followed by its chain. With `EVERYWIRE_TLS_KEY` the port serves https and wss. Reloaded when the file changes. Empty: plain HTTP.',
  ),
  EVERYWIRE_TLS_KEY: setting(
    Type.String({ maxLength: 4_096 }),
    '',
    'the path of a PEM file',
    'Private key of that certificate, without a pass phrase, readable only by the user the server runs as.',
  ),
  EVERYWIRE_LOG: setting(
    Type.Enum(['silent', 'error', 'warn', 'info', 'debug']),
    'info',
    'silent, error, warn, info or debug',
    'Log level.',
  ),
  EVERYWIRE_SHUTDOWN_SECONDS: wholeNumber(
    1,
    300,
    2,
    'Seconds for sessions to settle when the server stops. The next start resumes those that settle in time.',
  ),
  EVERYWIRE_PASSWORD_CHARACTERS: wholeNumber(
    8,
    128,
    8,
    'Minimum length of a new password in characters. Existing passwords stay valid.',
  ),
  EVERYWIRE_PASSWORD_CHARACTERS_MAX: wholeNumber(128, 256, 256, 'Maximum length of a new password in characters.'),
  EVERYWIRE_NAME_CHARACTERS_MIN: wholeNumber(
    1,
    8,
    2,
    'Minimum length of a username in characters. Existing usernames stay valid.',
  ),
  EVERYWIRE_NAME_CHARACTERS: wholeNumber(8, 64, 32, 'Maximum length of a username in characters.'),
  EVERYWIRE_DISPLAY_NAME_CHARACTERS: wholeNumber(8, 200, 64, 'Maximum length of a display name in characters.'),
  EVERYWIRE_STATUS_CHARACTERS: wholeNumber(1, 500, 100, 'Maximum length of a status in characters.'),
  EVERYWIRE_LABEL_CHARACTERS: wholeNumber(
    1,
    200,
    100,
    'Maximum length of the label of a sign-in or an invite in characters. Longer labels are cut.',
  ),
  EVERYWIRE_RESERVED_NAMES: setting(
    Type.Array(userName, { maxItems: 200 }),
    [],
    'user names, separated by commas',
    'Usernames that no one can register, in addition to words for oneself (`me`), for everyone (`all`) and for admins (`admin`, `support`). Accounts that already have one keep it.',
  ),
  EVERYWIRE_ATTEMPTS_PER_NAME: wholeNumber(
    1,
    1_000,
    10,
    'Wrong passwords for one username before each further attempt must wait half a minute.',
  ),
  EVERYWIRE_PASSWORD_MEMORY_KIB: wholeNumber(7_168, 1_048_576, 19_456, 'KiB of memory that one argon2id hash uses.'),
  EVERYWIRE_PASSWORD_PASSES: wholeNumber(1, 20, 2, 'Passes of argon2id over that memory.'),
  EVERYWIRE_PASSWORD_HASHES_AT_ONCE: wholeNumber(1, 64, 1, 'Password hashes computed in parallel. Each uses one core.'),
  EVERYWIRE_SIGN_INS_PER_MINUTE: wholeNumber(
    1,
    100_000,
    60,
    'Sign-ins, registrations and other requests about passwords and links per minute from one address. An IPv6 /64 counts as one address; a /56 can make twice as many, a /48 five times as many.',
  ),
  EVERYWIRE_RECOVERY_CODES: wholeNumber(1, 50, 10, 'Recovery codes issued when two-step verification is turned on.'),
  EVERYWIRE_SET_UP_HOURS: wholeNumber(
    1,
    8_760,
    24,
    'Hours for which the link for the first admin is valid. Each start prints a new one.',
  ),
  EVERYWIRE_SESSIONS: wholeNumber(
    1,
    10_000_000,
    100_000,
    'Maximum number of live sessions. Further clients are asked to retry later. A session uses about 10 KiB.',
  ),
  EVERYWIRE_SIGN_INS_PER_PERSON: wholeNumber(
    1,
    10_000,
    100,
    'Maximum number of sign-ins of one person. A further one ends the least recently used.',
  ),
  EVERYWIRE_SESSIONS_PER_PERSON: wholeNumber(
    1,
    10_000,
    50,
    'Maximum number of sessions of one person (one per tab). A further one ends the oldest.',
  ),
  EVERYWIRE_COMMANDS_PER_SECOND: wholeNumber(
    1,
    1_000,
    50,
    'Requests per second of one person, over all sessions and REST, after a burst of 500. Above it, sessions are throttled and REST requests are refused.',
  ),
  EVERYWIRE_PERSON_MS_PER_SECOND: wholeNumber(
    1,
    1_000,
    100,
    'Milliseconds per second that the server spends on the requests of one person, after a burst of 2000. Above it, the same applies. 100 is a tenth of a core.',
  ),
  EVERYWIRE_GROUP_MEMBERS: wholeNumber(2, 10_000, 10_000, 'Maximum number of members of a group.'),
  EVERYWIRE_RECALL_HOURS: wholeNumber(
    0,
    87_600,
    24,
    'Hours after sending within which the sender can delete a message for everyone. 0: only admins of the conversation can.',
  ),
  EVERYWIRE_EDIT_HOURS: wholeNumber(
    0,
    87_600,
    48,
    'Hours after sending within which a message can be edited. 0: never.',
  ),
  EVERYWIRE_CHANNEL_MEMBERS: wholeNumber(2, 100_000, 100_000, 'Maximum number of members of a channel.'),
  EVERYWIRE_INVITATIONS_PER_PERSON: wholeNumber(1, 1_000, 50, 'Maximum number of active invites of one person.'),
  EVERYWIRE_RESET_MINUTES: wholeNumber(1, 1_440, 30, 'Minutes for which a password reset link is valid.'),
  EVERYWIRE_RESETS_PER_MAILBOX: wholeNumber(
    1,
    100,
    5,
    'Burst of reset mails to one mailbox for accounts that have not confirmed the address, except the first account; then one every 20 minutes.',
  ),
  EVERYWIRE_RESET_MAILS_PER_ADDRESS: wholeNumber(
    1,
    1_000_000,
    60,
    'Reset mails per hour requested from one network address, after a burst of 10. An IPv6 /48 counts as one address.',
  ),
  EVERYWIRE_RESET_MAILS_PER_HOUR: wholeNumber(
    1,
    1_000_000,
    360,
    'Reset mails per hour sent by the server in total, after a burst of 60.',
  ),
  EVERYWIRE_REST_PER_MINUTE: wholeNumber(
    1,
    1_000_000,
    600,
    'REST requests per minute from one address, commands included. Sign-ins, uploads, files, previews and profile photos are counted separately.',
  ),
  EVERYWIRE_ANSWER_STALLED_SECONDS: wholeNumber(
    1,
    3_600,
    120,
    'Seconds for which a client can stop reading a file or another response before its connection is closed.',
  ),
  ...fileSettings,
  EVERYWIRE_TEXT_BYTES: wholeNumber(1, 16_384, 16_384, 'Maximum size of one message in bytes of UTF-8.'),
} as const;

/** The values of `EVERYWIRE_LOG`. Each level includes those before it. */
export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug';
/** The name of a setting. */
export type SettingName = keyof typeof settings;
/** The value of every setting. */
export type Config = { readonly [Name in SettingName]: Static<(typeof settings)[Name]['schema']> };
