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
      'Mail server for password reset links. `smtp://` uses STARTTLS where offered, and requires it before sending a password to another machine; append `?requireTLS=true` or `false` to require it always or never. Write `#`, `/` and `%` in the password as `%23`, `%2F` and `%25`. Empty: links are printed.',
    ),
    secret: true,
  },
  EVERYWIRE_MAIL_FROM: setting(
    Type.String({ maxLength: 200, pattern: '^[^\\p{Cc}]*[^\\p{Cc}\\s<]@[^\\p{Cc}\\s]+$' }),
    'everywire@localhost',
    'a mail address, with a name before it in `Name <address>`',
    'Sender of mails.',
  ),
} as const;
