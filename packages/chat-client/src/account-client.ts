import { callRest } from './call-rest.js';
import type { Person } from './chat-client.js';
import type { Device } from './device.js';
import type { SignedIn } from './sign-in.js';

export type RegistrationMode = 'open' | 'invitation' | 'closed';

/** What a link is good for. `by`: who invites. */
export interface LinkInfo {
  readonly kind: 'setup' | 'account' | 'guest' | 'reset';
  readonly by: Person | null;
  readonly expiresAt: number;
}

export interface OwnAccount {
  readonly me: Person;
  readonly role: 'guest' | 'member' | 'administrator';
  readonly email: string;
  /** `null` where there is nothing to confirm: no address, or a place that sends no mail. Absent from a server that is older. */
  readonly emailConfirmed?: boolean | null;
  readonly hasPassword: boolean;
  readonly secondFactor: boolean;
  readonly recoveryCodesLeft: number;
}

export interface Invitation {
  readonly id: string;
  readonly kind: 'account' | 'guest';
  readonly label: string;
  readonly by: number | null;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly usesMax: number;
  readonly uses: number;
}

export interface RegistrationChoice {
  readonly registration: RegistrationMode;
  readonly chosen: RegistrationMode | null;
  readonly configured: RegistrationMode;
}

interface NewAccount {
  readonly name: string;
  readonly password: string;
  readonly displayName?: string;
}

/** What can be done with the secret of a link before anybody is signed in. All reject with `ChatFailure`. */
export interface LinkClient {
  look(secret: string): Promise<LinkInfo>;
  setUp(request: NewAccount & { readonly secret: string; readonly label?: string }): Promise<SignedIn>;
  join(request: NewAccount & { readonly secret: string; readonly label?: string }): Promise<SignedIn>;
  joinAsGuest(request: {
    readonly secret: string;
    readonly displayName: string;
    readonly label?: string;
  }): Promise<SignedIn>;
  /** Answers alike whether there is such a person or not. */
  askReset(who: string): Promise<void>;
  finishReset(secret: string, password: string): Promise<void>;
  /** Where the browser goes to sign in by a provider; `flow` is kept until it is back. */
  beginOpenId(): Promise<{ readonly url: string; readonly flow: string }>;
  /** `answer`: what stood behind the `#` when it came back. */
  finishOpenId(request: { readonly flow: string; readonly answer: string; readonly label?: string }): Promise<SignedIn>;
}

export function createLinkClient(url: string): LinkClient {
  const post = <Result>(path: string, body: unknown) => callRest<Result>(url, 'POST', path, body);
  return {
    look: (secret) => post('/api/link', { secret }),
    setUp: (request) => post('/api/setup', request),
    join: (request) => post('/api/join', request),
    joinAsGuest: (request) => post('/api/guest', request),
    askReset: (who) => post('/api/reset', { who }),
    finishReset: (secret, password) => post('/api/reset/finish', { secret, password }),
    beginOpenId: () => post('/api/openid', undefined),
    finishOpenId: (request) => post('/api/openid/finish', request),
  };
}

/** Resolves with the body of the answer, `undefined` where it has none. Rejects with `ChatFailure`. */
export type RestCall = <Result>(
  method: Parameters<typeof callRest>[1],
  path: string,
  body?: unknown,
) => Promise<Result>;

/** One's own account, with the token of a sign-in. All reject with `ChatFailure`. */
export interface AccountClient {
  read(): Promise<OwnAccount>;
  changeProfile(change: { readonly displayName?: string; readonly status?: string }): Promise<Person>;
  /** `file`: the id of a picture that `ChatClient.upload` answered; its middle square is taken. Failures: `not_found`, `picture_unreadable`. */
  setAvatar(file: string): Promise<Person>;
  removeAvatar(): Promise<Person>;
  setEmail(email: string, password: string): Promise<void>;
  /** Has a code sent to one's address, as far as its mailbox may get more mail. Failures: `not_found` where there is nothing to confirm. */
  sendEmailCode(): Promise<void>;
  /** `code`: of the mail, as it is typed. Failures: `code_wrong`. */
  confirmEmail(code: string): Promise<void>;
  changePassword(current: string, next: string): Promise<void>;
  devices(): Promise<readonly Device[]>;
  /**
   * The secret by which this device is known at a log-in (`devices` of `signIn`): kept after signing out, another one after a new password. `null` for an account
   * without a password. Failures: `not_found` of a server that is older.
   */
  deviceSecret(): Promise<string | null>;
  signOutDevice(id: string): Promise<void>;
  signOutOthers(): Promise<void>;
  beginSecondFactor(password: string): Promise<{ readonly secret: string; readonly uri: string }>;
  confirmSecondFactor(code: string): Promise<readonly string[]>;
  removeSecondFactor(password: string, code: string): Promise<void>;
  /** `secret` goes into a link: `/#/join/` and it. */
  invite(request: {
    readonly kind: 'account' | 'guest';
    readonly usesMax: number;
    readonly days: number;
  }): Promise<{ readonly invitation: Invitation; readonly secret: string }>;
  /** The oldest first, strictly after `after`: `next` of the page before. */
  invitations(
    after?: string | null,
  ): Promise<{ readonly invitations: readonly Invitation[]; readonly next: string | null }>;
  endInvitation(id: string): Promise<void>;
  claimSetUp(secret: string): Promise<Person>;
  /** Gives a guest an account. */
  upgrade(request: { readonly name: string; readonly password: string; readonly secret?: string }): Promise<Person>;
  registration(): Promise<RegistrationChoice>;
  /** `null`: what the operator set. */
  chooseRegistration(mode: RegistrationMode | null): Promise<RegistrationChoice>;
  setRole(user: number, role: 'member' | 'administrator'): Promise<Person>;
  /** Asks any route of the REST interface in the name of this account. */
  readonly call: RestCall;
}

export function createAccountClient(url: string, token: string): AccountClient {
  const call: RestCall = (method, path, body) => callRest(url, method, path, body, token);
  const meOf = async (answer: Promise<{ readonly me: Person }>): Promise<Person> => (await answer).me;
  return {
    read: () => call('GET', '/api/account'),
    changeProfile: (change) => meOf(call('PATCH', '/api/me', change)),
    setAvatar: (file) => meOf(call('PUT', '/api/me/avatar', { file })),
    removeAvatar: () => meOf(call('DELETE', '/api/me/avatar')),
    setEmail: (email, password) => call('POST', '/api/email', { email, password }),
    sendEmailCode: () => call('POST', '/api/email/code'),
    confirmEmail: (code) => call('POST', '/api/email/confirm', { code }),
    changePassword: (current, next) => call('POST', '/api/password', { current, next }),
    devices: async () => (await call<{ readonly devices: readonly Device[] }>('GET', '/api/devices')).devices,
    deviceSecret: async () => (await call<{ readonly device: string | null }>('GET', '/api/device')).device,
    signOutDevice: (id) => call('DELETE', `/api/devices/${encodeURIComponent(id)}`),
    signOutOthers: () => call('DELETE', '/api/devices'),
    beginSecondFactor: (password) => call('POST', '/api/second-factor', { password }),
    confirmSecondFactor: async (code) => {
      const answer = call<{ readonly recoveryCodes: readonly string[] }>('POST', '/api/second-factor/confirm', {
        code,
      });
      return (await answer).recoveryCodes;
    },
    removeSecondFactor: (password, code) => call('POST', '/api/second-factor/remove', { password, code }),
    invite: (request) => call('POST', '/api/invitations', request),
    invitations: (after = null) => call('GET', `/api/invitations${after === null ? '' : `?after=${after}`}`),
    endInvitation: (id) => call('DELETE', `/api/invitations/${encodeURIComponent(id)}`),
    claimSetUp: (secret) => meOf(call('POST', '/api/setup/claim', { secret })),
    upgrade: (request) => meOf(call('POST', '/api/upgrade', request)),
    registration: () => call('GET', '/api/settings'),
    chooseRegistration: (registration) => call('PATCH', '/api/settings', { registration }),
    setRole: (user, role) => meOf(call('PATCH', `/api/people/${user}/role`, { role })),
    call,
  };
}
