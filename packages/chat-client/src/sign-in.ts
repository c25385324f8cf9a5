import { callRest } from './call-rest.js';
import type { Person } from './chat-client.js';
import { ChatFailure } from './chat-failure.js';
import { type TokenSource, tokenOf } from './token-source.js';

/** A sign-in that a device stores. The token is a secret. Send it in headers and records, never in a URL. */
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
  /**
   * Limits of the number of characters in a login name, a display name and a status. Absent from older servers, which
   * allow 2 to 32, a display name of 64 and a status of 100.
   */
  readonly nameCharactersMin?: number;
  readonly nameCharactersMax?: number;
  readonly displayNameCharactersMax?: number;
  readonly statusCharactersMax?: number;
  /** Limits of the number of characters in a new password. Absent from older servers, which allow 8 to 256. */
  readonly passwordCharactersMin?: number;
  readonly passwordCharactersMax?: number;
  /** The name of the OpenID sign-in provider; `null` for none. Absent from older servers. */
  readonly openId?: string | null;
  /** The server's raw TCP port, on the same host; `null` for none. Absent from older servers. */
  readonly tcp?: { readonly port: number; readonly encrypted: boolean } | null;
  /**
   * To whom the server sends a password reset link: to the account's email address, to the operator, or to no one
   * (passwords cannot be reset). Absent from older servers.
   */
  readonly passwordReset?: 'mail' | 'operator' | 'none';
  /**
   * Whether the set-up link that the server printed to its terminal has created an administrator. Absent from older
   * servers.
   */
  readonly hasAdministrator?: boolean;
}

/**
 * Signs in. `code`: the current code of the second factor, if the account has one. `devices`: at most 8 device secrets
 * from `AccountClient.deviceSecret`, of any account. If one of them belongs to this account, failed attempts of
 * strangers do not block this sign-in. Older servers refuse device secrets (`invalid`).
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

/**
 * Creates an account and signs in. @throws ChatFailure `offline`, `name_taken`, `registration_closed`, `invalid`, ...
 */
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

/** Ends a sign-in and its live sessions at the server. No-op if the server does not know the token. */
export async function signOutAtServer(url: string, token: string): Promise<void> {
  try {
    await callRest<void>(url, 'POST', '/api/logout', undefined, token);
  } catch (failure) {
    if (!(failure instanceof ChatFailure && failure.code === 'unauthenticated')) throw failure;
  }
}

/**
 * Returns the user of a token. The first use of a token of a host application (which embeds the chat and signs tokens
 * for its own users) creates the account.
 *
 * @throws ChatFailure `offline`, `unauthenticated`
 */
export async function whoAmI(url: string, source: TokenSource): Promise<Person> {
  const { me } = await callRest<{ readonly me: Person }>(url, 'GET', '/api/me', undefined, await tokenOf(source));
  return me;
}
