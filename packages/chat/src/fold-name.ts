/**
 * Returns the form in which names are compared and searched. Names with the same form are the same name. All
 * implementations of `Accounts` must use this function, so that every store finds the same accounts.
 */
export function foldName(name: string): string {
  return name.normalize('NFKC').toLowerCase().trim();
}
