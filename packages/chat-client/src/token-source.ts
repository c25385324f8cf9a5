/**
 * What a client signs in with: a token of the server's own, or a function that answers one of a host application's. The function
 * is called for each session and upload, and again before the token it gave runs out; it may reject, and is then called again.
 */
export type TokenSource = string | (() => string | Promise<string>);

export async function tokenOf(source: TokenSource): Promise<string> {
  return typeof source === 'string' ? source : source();
}
