/**
 * Returns a one-line warning when the server runs as root; otherwise `null`. An attacker who exploits the server would control the machine, and the files belong
 * to root, so a later start as another user cannot read them.
 *
 * @param effectiveUser as `process.geteuid` says; `undefined` where the system has no such numbers
 */
export function rootNote(effectiveUser: number | undefined): string | null {
  if (effectiveUser !== 0) return null;
  return 'Everywire runs as root, which it needs for nothing: give EVERYWIRE_DATA to a user of its own and start it as that one.';
}
