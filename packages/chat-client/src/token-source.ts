/**
 * A token of the server, or a function that returns one of a host application. The function is called for each session and
 * upload, and again before its token expires; after a rejection it is called again.
 */
export type TokenSource = string | (() => string | Promise<string>);

/** Returns a token of the source. */
export async function tokenOf(source: TokenSource): Promise<string> {
  return typeof source === 'string' ? source : source();
}
