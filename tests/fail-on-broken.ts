/**
 * Fails the test if a notice reports a broken invariant, that is, an internal error of the server. Without this, many tests
 * would not notice the error, because the ended session looks like one that was cut.
 */
export function failOnBroken(code: string, text: string): void {
  if (code !== 'invariant_broken') return;
  // Deferred, because inside the callback the server would catch it.
  setImmediate(() => {
    throw new Error(text);
  });
}
