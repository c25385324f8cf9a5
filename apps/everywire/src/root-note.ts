/**
 * Returns a one-line warning when the server runs as root; otherwise `null`. An attacker who exploits the server would
 * control the machine, and the files belong to root, so a later start as another user cannot read them.
 *
 * @param effectiveUser the result of `process.geteuid`; `undefined` on systems without user ids
 */
export function rootNote(effectiveUser: number | undefined): string | null {
  if (effectiveUser !== 0) return null;
  return 'Everywire runs as root, which it does not need. Give EVERYWIRE_DATA to a separate user and start the server as that user.';
}
