/** Body, `m`, a typed message and binary data in it: nothing that is ours nests deeper. `limits` of `opened` is never sent upwards. */
const DEPTH_MAX = 4;
/** Commas a record of ours has at most; the parser's own work is bounded by it and `messagesMax`. */
export const RECORD_COMMAS_MAX = 64;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

/**
 * Whether JSON that a client sent may be a record or one typed message. Anything that nests deeper or has more values takes many times as long to parse, and
 * a stranger may send it.
 */
export function hasRecordShape(bytes: Uint8Array): boolean {
  return checkShape(bytes, RECORD_COMMAS_MAX) === null;
}

/** Walks over the JSON without reading it: depth by brackets, values by commas, both outside of strings. */
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
