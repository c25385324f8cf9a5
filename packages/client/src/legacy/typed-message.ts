/** Requests are not in the legacy build, and it says so when it opens (SN-19): no typed message comes. */
export function readTyped(): null {
  return null;
}
