import {
  askResetRequest,
  codeRequest,
  finishResetRequest,
  passwordAgainRequest,
  recoveryCodesAnswer,
  removeFactorRequest,
  secondFactorAnswer,
} from './account-schemas.js';
import type { ChatServerServices } from './chat-server-services.js';
import { type RestRoute, restRoute } from './rest-route.js';

/** Returns the routes for resetting a password by mail and for the second factor. */
export function credentialRoutes(services: ChatServerServices): readonly RestRoute[] {
  const { passwordReset, secondFactor, signIn } = services;
  return [
    restRoute({
      method: 'POST',
      path: '/api/reset',
      summary: 'Request a link for setting a new password',
      right: 'anyone',
      pace: 'sign-in',
      body: askResetRequest,
      status: 202,
      refusals: [],
      handle: async ({ body, network }) => passwordReset.ask(body.who, network),
    }),
    restRoute({
      method: 'POST',
      path: '/api/reset/finish',
      summary: 'Set a new password with a link',
      right: 'anyone',
      pace: 'sign-in',
      body: finishResetRequest,
      status: 204,
      refusals: ['link_ended', 'password_invalid'],
      handle: ({ body, address }) => passwordReset.finish(body.secret, body.password, address),
    }),
    restRoute({
      method: 'POST',
      path: '/api/second-factor',
      summary: 'Begin to set up a second factor',
      right: 'member',
      pace: 'sign-in',
      body: passwordAgainRequest,
      status: 200,
      answer: secondFactorAnswer,
      refusals: ['password_wrong', 'password_missing', 'second_factor_set'],
      handle: async ({ caller, body, address }) => {
        await signIn.confirmPassword(caller, body.password, address);
        return secondFactor.begin(caller.user);
      },
    }),
    restRoute({
      method: 'POST',
      path: '/api/second-factor/confirm',
      right: 'member',
      pace: 'sign-in',
      summary: 'Enable the second factor with one of its codes',
      body: codeRequest,
      status: 200,
      answer: recoveryCodesAnswer,
      refusals: ['code_wrong', 'second_factor_set'],
      handle: async ({ caller, body }) => ({
        recoveryCodes: [...(await secondFactor.confirm(caller.user, body.code))],
      }),
    }),
    restRoute({
      method: 'POST',
      path: '/api/second-factor/remove',
      right: 'member',
      pace: 'sign-in',
      summary: 'Disable the second factor',
      body: removeFactorRequest,
      status: 204,
      refusals: ['password_wrong', 'password_missing', 'code_wrong', 'second_factor_required'],
      handle: async ({ caller, body, address }) => {
        const { origin } = await signIn.confirmPassword(caller, body.password, address);
        await secondFactor.check(caller.user, body.code, origin);
        await secondFactor.remove(caller.user);
      },
    }),
  ];
}
