/** Maximum nesting of arrays and objects that is parsed; requests have a few levels. */
export const JSON_DEPTH_MAX = 16;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** The bit in which a curly bracket differs from the square bracket of the same side. */
const CURLY = 0x20;
/** The opening and closing square brackets. */
const OPENING = 0x5b;
const CLOSING = 0x5d;

/**
 * Returns whether JSON nests deeper than `JSON_DEPTH_MAX`. Such JSON takes many times as long to parse, so the caller
 * refuses it before parsing. The result for malformed JSON is arbitrary, because the parser rejects it in any case.
 */
export function nestsTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charCodeAt(at);
    if (sign === QUOTE) at = endOfString(text, at + 1);
    else if ((sign & ~CURLY) === OPENING) depth += 1;
    else if ((sign & ~CURLY) === CLOSING) depth -= 1;
    if (depth > JSON_DEPTH_MAX) return true;
  }
  return false;
}

function endOfString(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}
