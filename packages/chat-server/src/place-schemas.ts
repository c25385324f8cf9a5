import Type from 'typebox';
import { exactly } from './schema-parts.js';

/* The shape of what is asked and said about the place itself. */

const registration = Type.Enum(['open', 'invitation', 'closed']);

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
  passwordReset: Type.Enum(['mail', 'operator', 'none'], {
    description:
      'Where a link to a new password goes: to the mail address of the account, to who runs the server, or nowhere.',
  }),
  hasAdministrator: Type.Boolean({ description: 'False until the set-up link of the terminal was used.' }),
});

export const settingsRequest = exactly({
  registration: Type.Union([registration, Type.Null()], { description: 'null: what the operator set holds again.' }),
});

export const settingsAnswer = exactly({
  registration,
  chosen: Type.Union([registration, Type.Null()]),
  configured: registration,
});
