/**
 * What does not stand in a literal as it is, besides what JSON escapes: the characters of HTML, so that nothing in it can end or
 * begin a script or a comment, and all that is not ASCII. Among that are U+2028 and U+2029, which end a line of script before
 * ES2019, and format-control characters, which old engines take out of every source text (ECMA-262 3rd edition, section 7.1);
 * and what is ASCII alone means the same in any charset somebody may take it for.
 */
const UNSAFE = /[<>&'\u007f-\uffff]/g;

/** The inside of a script's string literal in double quotes, whose value is this text: ECMAScript of any edition, within HTML or without (EN-20). */
export function literalInside(text: string): string {
  return JSON.stringify(text).slice(1, -1).replace(UNSAFE, escapeUnit);
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
