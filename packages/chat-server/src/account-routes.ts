import type { Accounts } from '@everywire/chat';
import {
  beginOpenIdAnswer,
  deviceAnswer,
  devicesAnswer,
  finishOpenIdRequest,
  logInRequest,
  logOutRequest,
  passwordRequest,
  registerRequest,
} from './account-schemas.js';
import type { ChatServerServices } from './chat-server-services.js';
import { RestRefusal } from './error-codes.js';
import type { ChatServerLimits } from './limits.js';
import { serverAnswer } from './place-schemas.js';
import { profile } from './profile.js';
import { type RestRoute, restRoute } from './rest-route.js';
import { idParams, meAnswer, signedInAnswer } from './rest-schemas.js';
import type { SignInResult } from './sign-in.js';

/**
 * Stores that are known to have an administrator. This stays true, because the last administrator cannot be removed.
 */
const administered = new WeakSet<object>();

/**
 * Returns whether there is an administrator. Queries the store only until there is one, because the route is public.
 */
async function hasAdministrator(accounts: Pick<Accounts, 'countAdministrators'>): Promise<boolean> {
  if (!administered.has(accounts) && (await accounts.countAdministrators()) > 0) administered.add(accounts);
  return administered.has(accounts);
}

/** Returns the routes for registering, logging in and out, devices, and the data that the log-in page needs. */
export function accountRoutes(services: ChatServerServices): readonly RestRoute[] {
  const { accounts, signIn, place, registration, limits, tcpOf } = services;
  return [
    restRoute({
      method: 'GET',
      path: '/api/server',
      summary: 'Describe this server',
      right: 'anyone',
      pace: 'rest',
      status: 200,
      answer: serverAnswer,
      refusals: [],
      handle: async () => ({
        ...place,
        registration: await registration.mode(),
        ...lengthsOf(limits),
        openId: services.openId?.name ?? null,
        tcp: tcpOf(),
        passwordReset: services.passwordReset.way,
        hasAdministrator: await hasAdministrator(accounts),
      }),
    }),
    restRoute({
      method: 'POST',
      path: '/api/register',
      summary: 'Create an account',
      right: 'anyone',
      pace: 'sign-in',
      body: registerRequest,
      status: 201,
      answer: signedInAnswer,
      refusals: [
        'registration_closed',
        'invitation_required',
        'name_taken',
        'name_invalid',
        'name_misleading',
        'password_invalid',
        'email_invalid',
      ],
      handle: async ({ body }) => signedIn(await signIn.register(body)),
    }),
    restRoute({
      method: 'POST',
      path: '/api/login',
      summary: 'Sign in with a password',
      right: 'anyone',
      pace: 'sign-in',
      body: logInRequest,
      status: 200,
      answer: signedInAnswer,
      refusals: ['credentials_wrong', 'second_factor_required', 'code_wrong', 'suspended'],
      handle: async ({ body, address }) => signedIn(await signIn.logIn(body, address)),
    }),
    ...ownRoutes(services),
    ...openIdRoutes(services),
    ...deviceRoutes(services),
  ];
}

/** Returns the routes for the own account of a signed-in user. */
function ownRoutes({ signIn }: ChatServerServices): readonly RestRoute[] {
  return [
    restRoute({
      method: 'POST',
      path: '/api/logout',
      summary: 'Sign out here, or everywhere',
      right: 'person',
      pace: 'rest',
      body: logOutRequest,
      status: 204,
      refusals: [],
      handle: ({ body, caller }) => signIn.logOut(caller, body?.everywhere ?? false),
    }),
    restRoute({
      method: 'GET',
      path: '/api/me',
      summary: 'Read your own profile',
      right: 'person',
      pace: 'rest',
      status: 200,
      answer: meAnswer,
      refusals: [],
      handle: async ({ caller }) => ({ me: profile(caller.user) }),
    }),
    restRoute({
      method: 'POST',
      path: '/api/password',
      summary: 'Change the password',
      right: 'member',
      pace: 'sign-in',
      body: passwordRequest,
      status: 204,
      refusals: ['password_wrong', 'password_invalid', 'password_missing'],
      handle: ({ body, caller, address }) => signIn.changePassword(caller, body, address),
    }),
  ];
}

/** Returns the limits that a client shows to a user who chooses a name or password. */
function lengthsOf(limits: ChatServerLimits) {
  const { nameCharactersMin, nameCharactersMax, displayNameCharactersMax, statusCharactersMax } = limits;
  const { passwordCharactersMin, passwordCharactersMax } = limits;
  const names = { nameCharactersMin, nameCharactersMax, displayNameCharactersMax, statusCharactersMax };
  return { ...names, passwordCharactersMin, passwordCharactersMax };
}

function openIdRoutes({ openId }: ChatServerServices): readonly RestRoute[] {
  const offered = (): NonNullable<ChatServerServices['openId']> => {
    if (openId === null) throw new RestRefusal('not_found');
    return openId;
  };
  return [
    restRoute({
      method: 'POST',
      path: '/api/openid',
      summary: 'Begin to sign in with a provider',
      right: 'anyone',
      pace: 'sign-in',
      status: 200,
      answer: beginOpenIdAnswer,
      refusals: ['not_found'],
      handle: () => offered().signIn.begin(),
    }),
    restRoute({
      method: 'POST',
      path: '/api/openid/finish',
      summary: 'Finish signing in with the answer of the provider',
      right: 'anyone',
      pace: 'sign-in',
      body: finishOpenIdRequest,
      status: 200,
      answer: signedInAnswer,
      refusals: ['not_found', 'identity_refused', 'suspended'],
      handle: async ({ body }) => signedIn(await offered().signIn.finish(body.flow, body.answer, body.label)),
    }),
  ];
}

function deviceRoutes({ signIn, accounts, transportsOf }: ChatServerServices): readonly RestRoute[] {
  return [
    restRoute({
      method: 'GET',
      path: '/api/devices',
      summary: 'List your signed-in devices',
      right: 'person',
      pace: 'rest',
      status: 200,
      answer: devicesAnswer,
      refusals: [],
      handle: async ({ caller }) => {
        const live = transportsOf(caller.user.id);
        const held = await accounts.credentials(caller.user.id);
        const devices = held.map(({ id, label, createdAt, usedAt, transport }) => ({
          id,
          label,
          createdAt,
          usedAt,
          transport: live.get(id) || transport || 'rest',
          connected: live.has(id),
          current: id === caller.credential.id,
        }));
        return { devices };
      },
    }),
    restRoute({
      method: 'GET',
      path: '/api/device',
      right: 'person',
      pace: 'rest',
      summary: 'Create a secret that identifies this device when it logs in',
      status: 200,
      answer: deviceAnswer,
      refusals: [],
      handle: async ({ caller }) => ({ device: await signIn.deviceSecret(caller) }),
    }),
    restRoute({
      method: 'DELETE',
      path: '/api/devices/:id',
      summary: 'Sign out one device',
      right: 'person',
      pace: 'rest',
      params: idParams,
      status: 204,
      refusals: ['not_found'],
      handle: async ({ caller, params }) => {
        if ((await signIn.end(caller.user.id, [params.id])) === 0) throw new RestRefusal('not_found');
      },
    }),
    restRoute({
      method: 'DELETE',
      path: '/api/devices',
      summary: 'Sign out all other devices',
      right: 'person',
      pace: 'rest',
      status: 204,
      refusals: [],
      handle: ({ caller }) => signIn.endOthers(caller),
    }),
  ];
}

/** Returns the REST answer to a successful sign-in. */
export function signedIn(answer: SignInResult): { readonly me: ReturnType<typeof profile>; readonly token: string } {
  return { me: profile(answer.user), token: answer.token };
}
