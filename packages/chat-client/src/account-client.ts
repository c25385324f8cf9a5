import { callRest } from './call-rest.js';
import type { Person } from './chat-client.js';
import type { Device } from './device.js';
import type { SignedIn } from './sign-in.js';

/** The registration policy of a server. */
export type RegistrationMode = 'open' | 'invitation' | 'closed';

/**
 * The purpose of a link. `by`: the person who invites; `null` if there is none. `expiresAt`: milliseconds since the
 * epoch.
 */
export interface LinkInfo {
  readonly kind: 'setup' | 'account' | 'guest' | 'reset';
  readonly by: Person | null;
  readonly expiresAt: number;
}

/** The signed-in user's own account. */
export interface OwnAccount {
  readonly me: Person;
  readonly role: 'guest' | 'member' | 'administrator';
  readonly email: string;
  /** `null` if there is no address or the server sends no mail. Absent from older servers. */
  readonly emailConfirmed?: boolean | null;
  readonly hasPassword: boolean;
  readonly secondFactor: boolean;
  readonly recoveryCodesLeft: number;
}

/** An invitation to register or to join as a guest. Times are milliseconds since the epoch. */
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

/** The registration mode in effect, the one chosen by an administrator (`null` for none), and the configured default. */
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

/** What a link to a group or channel leads to. `by`: the display name of the inviter. */
export interface GroupLinkInfo {
  readonly kind: 'group' | 'channel';
  readonly name: string;
  readonly memberCount: number;
  readonly by: string;
}

/** Actions with the secret of a link, before signing in. All reject with `ChatFailure`. */
export interface LinkClient {
  look(secret: string): Promise<LinkInfo>;
  /** Describes a link to a group or channel. Failures: `not_found`, `invite_ended`. */
  lookAtGroup(link: { readonly conversation: number; readonly secret: string }): Promise<GroupLinkInfo>;
  setUp(request: NewAccount & { readonly secret: string; readonly label?: string }): Promise<SignedIn>;
  join(request: NewAccount & { readonly secret: string; readonly label?: string }): Promise<SignedIn>;
  joinAsGuest(request: {
    readonly secret: string;
    readonly displayName: string;
    readonly label?: string;
  }): Promise<SignedIn>;
  /** Requests a password reset. The answer does not reveal whether the account exists. */
  askReset(who: string): Promise<void>;
  finishReset(secret: string, password: string): Promise<void>;
  /** Returns the address of the sign-in provider; the caller must keep `flow` until the browser returns. */
  beginOpenId(): Promise<{ readonly url: string; readonly flow: string }>;
  /** Completes the sign-in. `answer` is the URL fragment, without `#`, with which the browser returned. */
  finishOpenId(request: { readonly flow: string; readonly answer: string; readonly label?: string }): Promise<SignedIn>;
}

/** Creates a client for links of the server at `url`. */
export function createLinkClient(url: string): LinkClient {
  const post = <Result>(path: string, body: unknown) => callRest<Result>(url, 'POST', path, body);
  return {
    look: (secret) => post('/api/link', { secret }),
    lookAtGroup: ({ conversation, secret }) => post('/api/group-link', { conversation, secret }),
    setUp: (request) => post('/api/setup', request),
    join: (request) => post('/api/join', request),
    joinAsGuest: (request) => post('/api/guest', request),
    askReset: (who) => post('/api/reset', { who }),
    finishReset: (secret, password) => post('/api/reset/finish', { secret, password }),
    beginOpenId: () => post('/api/openid', undefined),
    finishOpenId: (request) => post('/api/openid/finish', request),
  };
}

/** Sends a REST request and resolves with the body of the answer, `undefined` if it has none. Rejects with `ChatFailure`. */
export type RestCall = <Result>(
  method: Parameters<typeof callRest>[1],
  path: string,
  body?: unknown,
) => Promise<Result>;

/** Manages the signed-in user's account. All methods reject with `ChatFailure`. */
export interface AccountClient {
  read(): Promise<OwnAccount>;
  changeProfile(change: { readonly displayName?: string; readonly status?: string }): Promise<Person>;
  /**
   * Sets the avatar to the centre square of a picture. `file` is the id that `ChatClient.upload` returned. Failures:
   * `not_found`, `picture_unreadable`.
   */
  setAvatar(file: string): Promise<Person>;
  removeAvatar(): Promise<Person>;
  setEmail(email: string, password: string): Promise<void>;
  /**
   * Sends a code to the account's email address, unless mail to it is throttled. Failures: `not_found` if there is nothing to
   * confirm.
   */
  sendEmailCode(): Promise<void>;
  /** Confirms the email address by the code from the mail. Failures: `code_wrong`. */
  confirmEmail(code: string): Promise<void>;
  changePassword(current: string, next: string): Promise<void>;
  devices(): Promise<readonly Device[]>;
  /**
   * Returns the secret that identifies this device at sign-in (`devices` of `signIn`). It survives signing out and changes with
   * the password. `null` for an account without a password. Failures: `not_found` on older servers.
   */
  deviceSecret(): Promise<string | null>;
  signOutDevice(id: string): Promise<void>;
  signOutOthers(): Promise<void>;
  beginSecondFactor(password: string): Promise<{ readonly secret: string; readonly uri: string }>;
  confirmSecondFactor(code: string): Promise<readonly string[]>;
  removeSecondFactor(password: string, code: string): Promise<void>;
  /** Creates an invitation. Its link is `/#/join/` followed by `secret`. */
  invite(request: {
    readonly kind: 'account' | 'guest';
    readonly usesMax: number;
    readonly days: number;
  }): Promise<{ readonly invitation: Invitation; readonly secret: string }>;
  /** Lists invitations, oldest first. `after` is `next` of the previous page. */
  invitations(
    after?: string | null,
  ): Promise<{ readonly invitations: readonly Invitation[]; readonly next: string | null }>;
  endInvitation(id: string): Promise<void>;
  claimSetUp(secret: string): Promise<Person>;
  /** Turns a guest into a member account. */
  upgrade(request: { readonly name: string; readonly password: string; readonly secret?: string }): Promise<Person>;
  registration(): Promise<RegistrationChoice>;
  /** Sets who may register; `null` restores the operator's setting. */
  chooseRegistration(mode: RegistrationMode | null): Promise<RegistrationChoice>;
  setRole(user: number, role: 'member' | 'administrator'): Promise<Person>;
  /** Calls any route of the REST interface as this account. */
  readonly call: RestCall;
}

/** Creates a client for the account of `token`, at the server at `url`. */
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
