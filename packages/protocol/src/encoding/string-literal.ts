/**
 * Matches the characters to escape in addition to those that JSON escapes: the characters of HTML, so that the text can
 * neither end nor begin a script or comment, and everything but ASCII. This includes U+2028 and U+2029, which end a
 * line of script before ES2019, and format-control characters, which old engines remove from source text (ECMA-262 3rd
 * edition, section 7.1). Pure ASCII also reads the same in any charset that is assumed.
 */
const UNSAFE = /[<>&'\u007f-\uffff]/g;

/**
 * Returns the inside of a double-quoted string literal for this text, valid in any edition of ECMAScript and in HTML
 * (EN-20).
 */
export function literalInside(text: string): string {
  return JSON.stringify(text).slice(1, -1).replace(UNSAFE, escapeUnit);
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
