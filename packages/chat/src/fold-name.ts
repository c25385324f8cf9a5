/**
 * Returns the form in which names are compared and searched: names that fold alike are the same name. All `Accounts` must use it,
 * so that an account is found alike in every store.
 */
export function foldName(name: string): string {
  return name.normalize('NFKC').toLowerCase().trim();
}
