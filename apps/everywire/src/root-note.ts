/**
 * What the operator should know where the server runs as root, in one line; `null` otherwise. A flaw in it would own the machine, and its files belong to root, so
 * that a later start as another user cannot read them.
 *
 * @param effectiveUser as `process.geteuid` says; `undefined` where the system has no such numbers
 */
export function rootNote(effectiveUser: number | undefined): string | null {
  if (effectiveUser !== 0) return null;
  return 'Everywire runs as root, which it needs for nothing: give EVERYWIRE_DATA to a user of its own and start it as that one.';
}
