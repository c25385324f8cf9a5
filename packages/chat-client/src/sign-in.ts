import { callRest } from './call-rest.js';
import type { Person } from './chat-client.js';
import { ChatFailure } from './chat-failure.js';
import { type TokenSource, tokenOf } from './token-source.js';

/** What a device keeps to go on as somebody. The token is a secret: it goes into headers and records, never into a URL. */
export interface SignedIn {
  readonly me: Person;
  readonly token: string;
}

/** What a server says of itself before anybody signed in. */
export interface ServerInfo {
  readonly name: string;
  readonly runBy: string;
  readonly registration: 'open' | 'invitation' | 'closed';
  readonly version: string;
  /** Characters of a name that one logs in with. Absent in answers of older servers, which take 2 to 32; the shown name has 64 there, a status 100. */
  readonly nameCharactersMin?: number;
  readonly nameCharactersMax?: number;
  readonly displayNameCharactersMax?: number;
  readonly statusCharactersMax?: number;
  /** Characters of a new password. Absent in answers of older servers, which take 8 to 256. */
  readonly passwordCharactersMin?: number;
  readonly passwordCharactersMax?: number;
  /** The provider one can sign in by. Absent in answers of older servers. */
  readonly openId?: string | null;
  /** Where it takes raw TCP, on the same host. Absent in answers of older servers. */
  readonly tcp?: { readonly port: number; readonly encrypted: boolean } | null;
  /** Where a link to a new password goes: to the mail address of the account, to who runs the server, or nowhere. Absent in answers of older servers. */
  readonly passwordReset?: 'mail' | 'operator' | 'none';
  /** False until the set-up link of the terminal was used. Absent in answers of older servers. */
  readonly hasAdministrator?: boolean;
}

/**
 * `code`: of the second factor. `devices`: at most 8 secrets that `AccountClient.deviceSecret` gave here, of whichever account; with the right one guesses
 * of strangers do not hold this sign-in shut. A server that is older refuses them (`invalid`).
 *
 * @throws ChatFailure `offline`, `credentials_wrong`, `second_factor_required`, `code_wrong`, `rate_limited`, ...
 */
export function signIn(
  url: string,
  request: {
    readonly name: string;
    readonly password: string;
    readonly label?: string;
    readonly code?: string;
    readonly devices?: readonly string[];
  },
): Promise<SignedIn> {
  return callRest<SignedIn>(url, 'POST', '/api/login', request);
}

/** @throws ChatFailure `offline`, `name_taken`, `registration_closed`, `invalid`, ... */
export function register(
  url: string,
  request: { readonly name: string; readonly displayName?: string; readonly password: string; readonly label?: string },
): Promise<SignedIn> {
  return callRest<SignedIn>(url, 'POST', '/api/register', request);
}

/** @throws ChatFailure `offline` */
export function serverInfo(url: string): Promise<ServerInfo> {
  return callRest<ServerInfo>(url, 'GET', '/api/server');
}

/** Ends this sign-in at the server, and its live sessions with it. A token that is no longer known is signed out already. */
export async function signOutAtServer(url: string, token: string): Promise<void> {
  try {
    await callRest<void>(url, 'POST', '/api/logout', undefined, token);
  } catch (failure) {
    if (!(failure instanceof ChatFailure && failure.code === 'unauthenticated')) throw failure;
  }
}

/** Who a token is of; one of a host application makes the account at first sight. @throws ChatFailure `offline`, `unauthenticated` */
export async function whoAmI(url: string, source: TokenSource): Promise<Person> {
  const { me } = await callRest<{ readonly me: Person }>(url, 'GET', '/api/me', undefined, await tokenOf(source));
  return me;
}
