/** Compares by UTF-16 unit, like `<`. A database's byte order differs only for characters beyond the basic plane. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
