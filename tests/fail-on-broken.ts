/**
 * Fails the test on any broken invariant of the server: a session that ended with `internal` looks to many tests like a
 * cut one.
 */
export function failOnBroken(code: string, text: string): void {
  if (code !== 'invariant_broken') return;
  // Deferred, because inside the callback the server would catch it.
  setImmediate(() => {
    throw new Error(text);
  });
}
