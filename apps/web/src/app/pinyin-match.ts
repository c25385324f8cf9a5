import { match } from 'pinyin-pro';

/** A longer query is no name; the library's work grows with the product of the lengths. */
const QUERY_MAX = 48;
/** What keyboards and passports write for ü: 吕 is found by “lv”, “lu” and “lyu”. */
const ROUNDED = ['v', 'u', 'yu'];

/**
 * Returns the position in a name at which its pinyin matches the query: whole syllables, their beginnings and initials, with every reading of
 * a character. `null` if it does not match. Both are in the form of `nameForm`.
 */
export function pinyinPosition(name: string, query: string): number | null {
  if (query.length > QUERY_MAX) return null;
  const wanted = query.replaceAll("'", '');
  const spellings = /[ln]y?u/.test(wanted) ? ROUNDED : ROUNDED.slice(0, 1);
  for (const v of spellings) {
    const found = match(name, wanted, { continuous: true, precision: 'start', v });
    if (found !== null) return found[0] ?? null;
  }
  return null;
}
