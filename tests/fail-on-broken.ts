/** A test fails on any assertion of the server: ended with `internal`, a session looks to many tests like one that was cut. */
export function failOnBroken(code: string, text: string): void {
  if (code !== 'invariant_broken') return;
  // Not from inside the notice, where the server would be the one to catch it.
  setImmediate(() => {
    throw new Error(text);
  });
}
