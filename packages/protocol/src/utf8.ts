/** State of `checkUtf8` between two characters. A text must end in it. */
export const UTF8_BOUNDARY = 0;
/** State of `checkUtf8` after an invalid byte. */
export const UTF8_INVALID: number = -1;

/**
 * Checks `bytes[from..to)` as the next part of a UTF-8 text and returns the state for the next call (RFC 3629 §4: no
 * overlong form, no surrogate, nothing above U+10FFFF). Begin with `UTF8_BOUNDARY`. The first invalid byte yields
 * `UTF8_INVALID`, however the text is split. A text is complete if its last state is `UTF8_BOUNDARY`.
 *
 * Any other state is three numbers in one, so that a parser needs no object for it. From bit 16 on: how many bytes of the
 * character are missing. Bits 8 to 15 and 0 to 7: the lowest and the highest valid value of the next byte.
 */
export function checkUtf8(before: number, bytes: Uint8Array, from: number, to: number): number {
  let state = before;
  let at = from;
  while (at < to && state !== UTF8_INVALID) {
    if (state === UTF8_BOUNDARY) {
      // Most text is ASCII. A loop with only this test makes parsing a long frame twice as fast.
      while (at < to && bytes[at]! < 0x80) at++;
      if (at === to) break;
      state = stateAfterLead(bytes[at++]!);
    } else {
      state = stateAfterNext(state, bytes[at++]!);
    }
  }
  return state;
}

/** Returns the state after a byte that continues a character. If more bytes are missing, each must be 0x80 to 0xbf. */
function stateAfterNext(state: number, byte: number): number {
  if (byte < ((state >> 8) & 0xff) || byte > (state & 0xff)) return UTF8_INVALID;
  return state < 0x20000 ? UTF8_BOUNDARY : (((state >> 16) - 1) << 16) | 0x80bf;
}

/** Returns the state after the first byte of a character. Some first bytes restrict the second one (RFC 3629 section 4). */
function stateAfterLead(byte: number): number {
  if (byte < 0xc2 || byte > 0xf4) return UTF8_INVALID;
  if (byte < 0xe0) return 0x180bf;
  if (byte < 0xf0) return 0x20000 | (byte === 0xe0 ? 0xa0bf : byte === 0xed ? 0x809f : 0x80bf);
  return 0x30000 | (byte === 0xf0 ? 0x90bf : byte === 0xf4 ? 0x808f : 0x80bf);
}
