/**
 * The form in which names are compared and searched: two names that fold alike are one name. Every `Accounts` uses it, so that
 * an account found in one store is found in another.
 */
export function foldName(name: string): string {
  return name.normalize('NFKC').toLowerCase().trim();
}
