import type { UserChange } from '@everywire/chat';
import { accountAnswer, avatarRequest, codeRequest, emailRequest, profileRequest } from './account-schemas.js';
import type { ChatServerServices } from './chat-server-services.js';
import { RestRefusal } from './error-codes.js';
import { type NameLimits, parseDisplayName, parseEmail, parseStatus } from './person-name.js';
import { profile } from './profile.js';
import { type RestRoute, restRoute } from './rest-route.js';
import { meAnswer } from './rest-schemas.js';
import type { Caller } from './sign-in.js';

/** Returns the routes for the user's own profile and private account data. */
export function profileRoutes(services: ChatServerServices): readonly RestRoute[] {
  const { accounts, signIn, emailConfirmation, limits } = services;
  return [
    restRoute({
      method: 'GET',
      path: '/api/account',
      summary: 'Read your private account data',
      right: 'person',
      pace: 'rest',
      status: 200,
      answer: accountAnswer,
      refusals: [],
      handle: async ({ caller }) => {
        const { user } = caller;
        const [details, factor] = [await accounts.privateDetails(user.id), await accounts.secondFactor(user.id)];
        return {
          me: profile(user),
          role: user.role,
          email: details?.email ?? '',
          emailConfirmed: emailConfirmation.stateOf(details),
          hasPassword: details?.hasPassword ?? false,
          secondFactor: factor?.confirmed ?? false,
          recoveryCodesLeft: factor?.recoveryCodesLeft ?? 0,
        };
      },
    }),
    restRoute({
      method: 'PATCH',
      path: '/api/me',
      summary: 'Change your public profile',
      right: 'person',
      pace: 'rest',
      body: profileRequest,
      status: 200,
      answer: meAnswer,
      refusals: ['name_invalid', 'status_invalid'],
      handle: ({ caller, body }) => changeUser(accounts, caller, profileChange(body, limits)),
    }),
    ...avatarRoutes(services),
    restRoute({
      method: 'POST',
      path: '/api/email',
      right: 'member',
      pace: 'sign-in',
      summary: 'Set the address for links that reset the password',
      body: emailRequest,
      status: 204,
      refusals: ['email_invalid', 'password_wrong', 'password_missing'],
      handle: async ({ caller, body, address }) => {
        const email = parseEmail(body.email);
        if (email === null) throw new RestRefusal('email_invalid');
        await signIn.confirmPassword(caller, body.password, address);
        await changeUser(accounts, caller, { email });
      },
    }),
    ...emailCodeRoutes(services),
  ];
}

function avatarRoutes({ accounts, avatars }: ChatServerServices): readonly RestRoute[] {
  return [
    restRoute({
      method: 'PUT',
      path: '/api/me/avatar',
      right: 'person',
      pace: 'rest',
      summary: 'Use one of your uploads as your avatar',
      body: avatarRequest,
      status: 200,
      answer: meAnswer,
      refusals: ['not_found', 'picture_unreadable'],
      handle: async ({ caller, body }) => {
        if (avatars === null) throw new RestRefusal('not_found');
        return { me: profile(await avatars.set(caller.user.id, body.file)) };
      },
    }),
    restRoute({
      method: 'DELETE',
      path: '/api/me/avatar',
      right: 'person',
      pace: 'rest',
      summary: 'Remove your avatar',
      status: 200,
      answer: meAnswer,
      refusals: [],
      handle: async ({ caller }) =>
        avatars === null
          ? changeUser(accounts, caller, { avatar: '' })
          : { me: profile(await avatars.remove(caller.user.id)) },
    }),
  ];
}

function emailCodeRoutes({ emailConfirmation }: ChatServerServices): readonly RestRoute[] {
  return [
    restRoute({
      method: 'POST',
      path: '/api/email/code',
      right: 'member',
      pace: 'sign-in',
      summary: 'Request a code by mail to confirm your address',
      status: 202,
      refusals: ['not_found'],
      handle: ({ caller, network }) => emailConfirmation.ask(caller.user, network),
    }),
    restRoute({
      method: 'POST',
      path: '/api/email/confirm',
      right: 'member',
      pace: 'sign-in',
      summary: 'Confirm your address with the code from the mail',
      body: codeRequest,
      status: 204,
      refusals: ['code_wrong'],
      handle: ({ caller, body }) => emailConfirmation.confirm(caller.user, body.code),
    }),
  ];
}

/** Changes the account of the caller. @throws RestRefusal `unauthenticated` if the account is no longer active */
async function changeUser(accounts: ChatServerServices['accounts'], caller: Caller, change: UserChange) {
  const changed = await accounts.changeUser(caller.user.id, change, { state: 'active' });
  if (changed.outcome !== 'changed') throw new RestRefusal('unauthenticated');
  return { me: profile(changed.user) };
}

function profileChange(
  said: { readonly displayName?: string; readonly status?: string },
  limits: NameLimits,
): UserChange {
  const displayName = said.displayName === undefined ? undefined : parseDisplayName(said.displayName, limits);
  const status = said.status === undefined ? undefined : parseStatus(said.status, limits);
  if (displayName === null) throw new RestRefusal('name_invalid');
  if (status === null) throw new RestRefusal('status_invalid');
  return { ...(displayName === undefined ? {} : { displayName }), ...(status === undefined ? {} : { status }) };
}
