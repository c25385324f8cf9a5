import { randomBytes } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { type Encoding, frameEncoding, messageFromText } from '@everywire/protocol/internal';
import { describe, expect, it } from 'vitest';
import { createDeflateEncodings } from './deflate-encoding.js';

// Tests the encodings of compressed frames for clients with a smaller window: the decoder of such a client looks back
// at most 2^bits bytes.

const encodings = createDeflateEncodings({ deflateBytesMin: 64, deflateBytesMax: 100_000 });
/** The encoding for a window of this many bits. */
const at = (window: number): Encoding => encodings[window] as Encoding;
/** The end of a block, which the sender omits from each message (RFC 7692 section 7.2.1). */
const END = Buffer.from([0, 0, 0xff, 0xff]);

/** Returns a text whose second half repeats the first: it needs a window of half its length, and compresses to half. */
function halves(length: number): string {
  const half = randomBytes(length)
    .toString('base64')
    .slice(0, length / 2);
  return half + half;
}

/** Returns the text of a frame as read by a client with that window, and whether it was compressed. */
function read(frame: Uint8Array, window: number): { readonly compressed: boolean; readonly text: string } {
  const from = (frame[1] as number) < 126 ? 2 : (frame[1] as number) === 126 ? 4 : 10;
  const payload = frame.subarray(from);
  const compressed = ((frame[0] as number) & 0x40) !== 0;
  if (!compressed) return { compressed, text: Buffer.from(payload).toString() };
  // Small chunks, because zlib reads back beyond the window within one chunk.
  const options = { windowBits: window, finishFlush: 2, chunkSize: 64 };
  return { compressed, text: inflateRawSync(Buffer.concat([payload, END]), options).toString() };
}

describe('[FR-22.1] [SN-17.4] createDeflateEncodings', () => {
  it.each([8, 9, 10, 11, 12, 13, 14, 15])(
    'frames for a window of %i bits can be read with it at any length',
    (window) => {
      const size = 2 ** window;
      for (const length of [100, 200, size - 2, size, size + 2, size * 2, 70_000]) {
        const text = halves(length);
        expect(read(at(window).encodeMessage(messageFromText(text)), window).text, `${length}`).toBe(text);
      }
    },
  );

  it('frames of messages within the window are compressed and shared with all larger windows', () => {
    const message = messageFromText(halves(4_000));
    const frames = [11, 12, 13, 15].map((window) => at(window).encodeMessage(message));
    expect(frames.map((frame) => read(frame, 15).compressed)).toEqual([false, true, true, true]);
    expect(new Set(frames.slice(1)).size).toBe(1);
    expect(frames[0]).toBe(frameEncoding.encodeMessage(message));
  });

  it('a window too small to compress gets plain frames, and a sufficient one those of the full window', () => {
    const narrow = createDeflateEncodings({ deflateBytesMin: 1_024, deflateBytesMax: 8_191 });
    expect([8, 9, 10].map((window) => narrow[window])).toEqual([frameEncoding, frameEncoding, frameEncoding]);
    expect([13, 14].map((window) => narrow[window] === narrow[15])).toEqual([true, true]);
  });
});
