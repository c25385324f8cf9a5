import { randomBytes } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { type Encoding, frameEncoding, messageFromText } from '@everywire/protocol/internal';
import { describe, expect, it } from 'vitest';
import { createDeflateEncodings } from './deflate-encoding.js';

const encodings = createDeflateEncodings({ deflateBytesMin: 64, deflateBytesMax: 100_000 });
const at = (window: number): Encoding => encodings[window] as Encoding;
const END = Buffer.from([0, 0, 0xff, 0xff]);

/** A text that repeats itself at its own half: it needs a window of half its length, and becomes half as long. */
function halves(length: number): string {
  const half = randomBytes(length)
    .toString('base64')
    .slice(0, length / 2);
  return half + half;
}

/** The text of a frame as a client with that window reads it, and whether it was compressed. */
function read(frame: Uint8Array, window: number): { readonly compressed: boolean; readonly text: string } {
  const from = (frame[1] as number) < 126 ? 2 : (frame[1] as number) === 126 ? 4 : 10;
  const payload = frame.subarray(from);
  const compressed = ((frame[0] as number) & 0x40) !== 0;
  if (!compressed) return { compressed, text: Buffer.from(payload).toString() };
  // Within the chunk that it fills zlib reads back further than the window.
  const options = { windowBits: window, finishFlush: 2, chunkSize: 64 };
  return { compressed, text: inflateRawSync(Buffer.concat([payload, END]), options).toString() };
}

describe('[FR-22.1] [SN-17.4] frames for a window of the client', () => {
  it.each([8, 9, 10, 11, 12, 13, 14, 15])('of %i bits are read with it, whatever their length', (window) => {
    const size = 2 ** window;
    for (const length of [100, 200, size - 2, size, size + 2, size * 2, 70_000]) {
      const text = halves(length);
      expect(read(at(window).encodeMessage(messageFromText(text)), window).text, `${length}`).toBe(text);
    }
  });

  it('are compressed where the message is not longer than the window, and shared with every larger one', () => {
    const message = messageFromText(halves(4_000));
    const frames = [11, 12, 13, 15].map((window) => at(window).encodeMessage(message));
    expect(frames.map((frame) => read(frame, 15).compressed)).toEqual([false, true, true, true]);
    expect(new Set(frames.slice(1)).size).toBe(1);
    expect(frames[0]).toBe(frameEncoding.encodeMessage(message));
  });

  it('are those of everybody where nothing could be compressed, and those of the full window where all could', () => {
    const narrow = createDeflateEncodings({ deflateBytesMin: 1_024, deflateBytesMax: 8_191 });
    expect([8, 9, 10].map((window) => narrow[window])).toEqual([frameEncoding, frameEncoding, frameEncoding]);
    expect([13, 14].map((window) => narrow[window] === narrow[15])).toEqual([true, true]);
  });
});
