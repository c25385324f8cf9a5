import { callRest } from './call-rest.js';
import type { Person } from './chat-client.js';

/**
 * What a client signs in with: a token of the server's own, or a function that answers one of a host application's. The function
 * is called for each session and upload, and again before the token it gave runs out; it may reject, and is then called again.
 */
export type TokenSource = string | (() => string | Promise<string>);

export async function tokenOf(source: TokenSource): Promise<string> {
  return typeof source === 'string' ? source : source();
}

/** Who a token is of; one of a host application makes the account at first sight. @throws ChatFailure `offline`, `unauthenticated` */
export async function whoAmI(url: string, source: TokenSource): Promise<Person> {
  const { me } = await callRest<{ readonly me: Person }>(url, 'GET', '/api/me', undefined, await tokenOf(source));
  return me;
}
