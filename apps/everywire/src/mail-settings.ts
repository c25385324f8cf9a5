import Type from 'typebox';
import { setting } from './setting.js';
import { mailServer } from './setting-shapes.js';

/** The settings of the mail that the server sends. */
export const mailSettings = {
  EVERYWIRE_SMTP_URL: {
    ...setting(
      Type.Union([Type.Literal(''), mailServer]),
      '',
      'an address such as smtps://user:password@mail.example.org',
      'The mail server for links to a new password. `smtp://` takes STARTTLS where it is offered, and demands it to send a password to another machine; `?requireTLS=true` or `false` at the end demands it always or never. Signs such as `#`, `/` or `%` in the password are written `%23`, `%2F` and `%25`. Empty: such links are printed.',
    ),
    secret: true,
  },
  EVERYWIRE_MAIL_FROM: setting(
    Type.String({ maxLength: 200, pattern: '^[^\\p{Cc}]*[^\\p{Cc}\\s<]@[^\\p{Cc}\\s]+$' }),
    'everywire@localhost',
    'a mail address, with a name before it in `Name <address>`',
    'Who mail is from.',
  ),
} as const;
