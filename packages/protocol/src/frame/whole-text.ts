import { OPCODE } from './opcode.js';

/** A sink that may take texts before they are unmasked. */
export interface MaskedTextSink {
  /**
   * Offers a text that arrived whole in one frame and one chunk, still masked, its UTF-8 unchecked.
   * @returns `false` to decline without any effect; the text is then reported by `onData` or as an error.
   */
  onMaskedText?(chunk: Uint8Array, from: number, to: number, key: number): boolean;
}

/**
 * Offers the common case to the sink in one step: an unfragmented masked text frame that is whole in this chunk. The
 * caller must ensure that no message is in progress. Everything else, including anything invalid, is left to a
 * `FrameParser`.
 *
 * @returns the offset of the next frame, or `at` if nothing was taken.
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
