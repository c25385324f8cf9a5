/**
 * Maximum depth: body, `m`, a typed message and binary data in it. Clients never send the nested `limits` of `opened`.
 */
const DEPTH_MAX = 4;
/** Maximum commas of a valid record. Together with `messagesMax` it bounds the work of the JSON parser. */
export const RECORD_COMMAS_MAX = 64;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

/**
 * Returns whether JSON from a client may be a record or one typed message. Deeper nesting or more values take many
 * times as long to parse, and anyone may send them.
 */
export function hasRecordShape(bytes: Uint8Array): boolean {
  return checkShape(bytes, RECORD_COMMAS_MAX) === null;
}

/** Checks JSON without parsing it: depth by brackets, number of values by commas, both outside of strings. */
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

function depthChange(byte: number): number {
  if (byte === 0x7b || byte === 0x5b) return 1;
  return byte === 0x7d || byte === 0x5d ? -1 : 0;
}
