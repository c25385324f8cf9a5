import { callRest } from './call-rest.js';
import type { Person } from './chat-client.js';
import { ChatFailure } from './chat-failure.js';
import { type TokenSource, tokenOf } from './token-source.js';

/** A sign-in that a device keeps. The token is a secret: send it in headers and records, never in a URL. */
export interface SignedIn {
  readonly me: Person;
  readonly token: string;
}

/** Public information of a server, available before sign-in. */
export interface ServerInfo {
  readonly name: string;
  readonly runBy: string;
  readonly registration: 'open' | 'invitation' | 'closed';
  readonly version: string;
  /** Characters of a login name. Absent from older servers, which allow 2 to 32, a display name of 64 and a status of 100. */
  readonly nameCharactersMin?: number;
  readonly nameCharactersMax?: number;
  readonly displayNameCharactersMax?: number;
  readonly statusCharactersMax?: number;
  /** Characters of a new password. Absent from older servers, which allow 8 to 256. */
  readonly passwordCharactersMin?: number;
  readonly passwordCharactersMax?: number;
  /** The sign-in provider. Absent from older servers. */
  readonly openId?: string | null;
  /** Its raw TCP port, on the same host. Absent from older servers. */
  readonly tcp?: { readonly port: number; readonly encrypted: boolean } | null;
  /**
   * Where a password reset link goes: to the account's email address, to the operator, or nowhere. Absent from older servers.
   */
  readonly passwordReset?: 'mail' | 'operator' | 'none';
  /** False until the set-up link from the terminal was used. Absent from older servers. */
  readonly hasAdministrator?: boolean;
}

/**
 * Signs in. `code` is of the second factor. `devices`: at most 8 secrets from `AccountClient.deviceSecret`, of any account;
 * with the right one, failed attempts of strangers do not block this sign-in. Older servers refuse them (`invalid`).
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

/** Creates an account and signs in. @throws ChatFailure `offline`, `name_taken`, `registration_closed`, `invalid`, ... */
export function register(
  url: string,
  request: { readonly name: string; readonly displayName?: string; readonly password: string; readonly label?: string },
): Promise<SignedIn> {
  return callRest<SignedIn>(url, 'POST', '/api/register', request);
}

/** Fetches the public information of a server. @throws ChatFailure `offline` */
export function serverInfo(url: string): Promise<ServerInfo> {
  return callRest<ServerInfo>(url, 'GET', '/api/server');
}

/** Ends a sign-in and its live sessions at the server. A no-op for an unknown token. */
export async function signOutAtServer(url: string, token: string): Promise<void> {
  try {
    await callRest<void>(url, 'POST', '/api/logout', undefined, token);
  } catch (failure) {
    if (!(failure instanceof ChatFailure && failure.code === 'unauthenticated')) throw failure;
  }
}

/**
 * Returns the user of a token; the first use of a host application's token creates the account. @throws ChatFailure `offline`,
 * `unauthenticated`
 */
export async function whoAmI(url: string, source: TokenSource): Promise<Person> {
  const { me } = await callRest<{ readonly me: Person }>(url, 'GET', '/api/me', undefined, await tokenOf(source));
  return me;
}
