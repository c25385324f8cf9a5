/** Below this many bytes a view of words costs more than the loop over bytes that it saves (measured on Node 20). */
const WORDS_FROM_BYTES = 96;

const keyBytes: Uint8Array = new Uint8Array(4);
const keyWord: Int32Array = new Int32Array(keyBytes.buffer);

/**
 * Masks or unmasks `bytes[from..to)` in place (RFC 6455 §5.3; the same operation both ways).
 *
 * @param key the four bytes of the masking key as one int32, first byte highest.
 * @param phase how many bytes of this payload came before `from`; says where in the key to begin.
 */
export function applyMask(bytes: Uint8Array, from: number, to: number, key: number, phase: number): void {
  let turned = rotate(key, phase);
  let at = from;
  if (to - from >= WORDS_FROM_BYTES) {
    const lead = -(bytes.byteOffset + from) & 3;
    maskBytes(bytes, from, from + lead, turned);
    turned = rotate(turned, lead);
    at += lead;
    const count = (to - at) >> 2;
    maskWords(new Int32Array(bytes.buffer, bytes.byteOffset + at, count), turned);
    at += count << 2;
  }
  maskBytes(bytes, at, to, turned);
}

function maskBytes(bytes: Uint8Array, from: number, to: number, key: number): void {
  let turned = key;
  for (let at = from; at < to; at++) {
    turned = (turned << 8) | (turned >>> 24);
    bytes[at]! ^= turned;
  }
}

function maskWords(words: Int32Array, key: number): void {
  // Written as bytes and read as a word, so that the order of bytes on this machine does not matter.
  for (let at = 0; at < 4; at++) keyBytes[at] = key >>> (24 - 8 * at);
  const word = keyWord[0]!;
  for (let at = 0; at < words.length; at++) words[at]! ^= word;
}

/** The key as it stands for a payload of which `count` bytes are done. */
function rotate(key: number, count: number): number {
  const bits = (count & 3) * 8;
  return bits === 0 ? key : (key << bits) | (key >>> (32 - bits));
}
