/** By UTF-16 unit, as `<` does; a database's byte order agrees but for characters beyond the basic plane. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
