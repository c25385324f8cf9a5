/**
 * Maximum depth of JSON from a client. The deepest is binary data in a typed message in the list `m` of a body. Only
 * servers send the nested `limits` of `opened`.
 */
const DEPTH_MAX = 4;
/** Maximum commas of a valid record. Together with `messagesMax` it bounds the work of the JSON parser. */
export const RECORD_COMMAS_MAX = 64;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

/**
 * Returns whether JSON from a client may be a record or one typed message. Other JSON must not be parsed, because deep
 * nesting or many values take many times as long, and an attacker may send such JSON.
 */
export function hasRecordShape(bytes: Uint8Array): boolean {
  return checkShape(bytes, RECORD_COMMAS_MAX) === null;
}

/**
 * Checks the depth and the number of values of JSON without parsing it, by counting brackets and commas outside of
 * strings. Returns `malformed` if it is too deep, `too_many` if it has too many values, otherwise `null`.
 */
export function checkShape(bytes: Uint8Array, commasMax: number): 'malformed' | 'too_many' | null {
  let depth = 0;
  let commas = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) {
      at = endOfString(bytes, at + 1);
    } else if (byte === COMMA) {
      if (++commas > commasMax) return 'too_many';
    } else {
      depth += depthChange(byte);
      if (depth > DEPTH_MAX) return 'malformed';
    }
  }
  return null;
}

function endOfString(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

/** Returns 1 for an opening bracket, -1 for a closing one, otherwise 0. */
function depthChange(byte: number): number {
  if (byte === 0x7b || byte === 0x5b) return 1;
  return byte === 0x7d || byte === 0x5d ? -1 : 0;
}
