/**
 * A token that the server issued, or a function that returns a token that a host application signed. The client calls
 * the function for each session and each upload, before the token expires, and again after the function has rejected.
 */
export type TokenSource = string | (() => string | Promise<string>);

/** Returns the token, or calls the function that returns one. */
export async function tokenOf(source: TokenSource): Promise<string> {
  return typeof source === 'string' ? source : source();
}
