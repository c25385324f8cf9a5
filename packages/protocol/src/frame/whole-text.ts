import { OPCODE } from './opcode.js';

/** Who may be offered texts before they are unmasked. */
export interface MaskedTextSink {
  /**
   * Offered first, where there is one: a text that came whole in one frame and one chunk, still masked, its UTF-8 unchecked.
   * @returns whether it was taken; else nothing has happened yet, and it comes by `onData`, or as an error.
   */
  onMaskedText?(chunk: Uint8Array, from: number, to: number, key: number): boolean;
}

/**
 * The common case in one step: a plain masked text frame, whole in this chunk, where no message is under way. Anything else, and
 * anything that could be wrong, is left to a `FrameParser`, which knows what to call it.
 *
 * @returns where the next frame begins, or `at` if nothing was taken.
 */
export function offerWholeText(
  sink: MaskedTextSink,
  options: { readonly masked: boolean; readonly messageBytesMax: number },
  chunk: Uint8Array,
  at: number,
  end: number,
): number {
  if (chunk[at] !== (0x80 | OPCODE.text) || end - at < 8) return at;
  if (sink.onMaskedText === undefined || !options.masked) return at;
  const second = chunk[at + 1]!;
  let from = at + 6;
  let length = second & 0x7f;
  if (length === 126) {
    length = (chunk[at + 2]! << 8) | chunk[at + 3]!;
    from += 2;
  }
  const to = from + length;
  const plain = second >= 0x80 && (from === at + 6 ? length <= 125 : length >= 126);
  if (!plain || to > end || length > options.messageBytesMax) return at;
  const key = (chunk[from - 4]! << 24) | (chunk[from - 3]! << 16) | (chunk[from - 2]! << 8) | chunk[from - 1]!;
  return sink.onMaskedText(chunk, from, to, key) ? to : at;
}
