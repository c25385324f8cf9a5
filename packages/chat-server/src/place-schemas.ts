import Type from 'typebox';
import { exactly } from './schema-parts.js';

/* Schemas of requests and answers about the server itself. */

const registration = Type.Enum(['open', 'invitation', 'closed']);

/** Schema of the public description of the server. */
export const serverAnswer = exactly({
  name: Type.String(),
  runBy: Type.String(),
  registration,
  version: Type.String(),
  nameCharactersMin: Type.Integer({ description: 'Of a user name.' }),
  nameCharactersMax: Type.Integer(),
  displayNameCharactersMax: Type.Integer(),
  statusCharactersMax: Type.Integer(),
  passwordCharactersMin: Type.Integer({ description: 'Of a new password.' }),
  passwordCharactersMax: Type.Integer(),
  openId: Type.Union([Type.String(), Type.Null()], {
    description: 'Name of the sign-in provider; null if there is none.',
  }),
  tcp: Type.Union([exactly({ port: Type.Integer(), encrypted: Type.Boolean() }), Type.Null()]),
  passwordReset: Type.Enum(['mail', 'operator', 'none'], {
    description:
      'Where a link to a new password goes: to the email address of the account, to the operator, or nowhere.',
  }),
  hasAdministrator: Type.Boolean({ description: 'False until the set-up link printed in the terminal is used.' }),
});

/** Schema of a change of the settings. */
export const settingsRequest = exactly({
  registration: Type.Union([registration, Type.Null()], { description: 'null restores what the operator configured.' }),
});

/** Schema of the settings: in effect, chosen by an administrator, configured by the operator. */
export const settingsAnswer = exactly({
  registration,
  chosen: Type.Union([registration, Type.Null()]),
  configured: registration,
});
