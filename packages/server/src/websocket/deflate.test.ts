import { frameEncoding, messageFromBytes, messageFromText } from '@everywire/protocol/internal';
import { describe, expect, it } from 'vitest';
import { compress, decompress } from './deflate.js';
import { createDeflateEncoding } from './deflate-encoding.js';

// Tests the compression of WebSocket messages (RFC 7692). Compressed bytes are written in hexadecimal; a number is a
// close code.

const bytesOf = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

/** Returns the text of a compressed message, or the close code. */
function textOf(hex: string, bytesMax = 100): string | number {
  const content = decompress(false, bytesOf(hex), bytesMax);
  return typeof content === 'number' ? content : Buffer.from(content).toString();
}

describe('[SN-17.3] decompress', () => {
  it.each<[string, string, string | number]>([
    ['[RFC 7692 §7.2.3.1] decompress reads one block', 'f2 48 cd c9 c9 07 00', 'Hello'],
    ['[RFC 7692 §7.2.3.3] decompress reads a block without compression', '00 05 00 fa ff 48 65 6c 6c 6f 00', 'Hello'],
    ['[RFC 7692 §7.2.3.4] decompress reads a block with BFINAL', 'f3 48 cd c9 c9 07 00 00', 'Hello'],
    ['[RFC 7692 §7.2.3.5] decompress reads two blocks', 'f2 48 05 00 00 00 ff ff ca c9 c9 07 00', 'Hello'],
    ['[RFC 7692 §7.2.3.6] decompress reads an empty message', '00', ''],
    ['[RFC 7692 §7.2.3.2] decompress refuses a reference to an earlier message', 'f2 00 11 00 00', 1007],
    ['[W21] decompress refuses an incomplete stream', 'f2 48 cd c9', 1007],
    ['[W21] decompress refuses a block of an invalid type', 'ff', 1007],
    ['[W21] decompress refuses input without a block', '', 1007],
    ['[W21] decompress refuses random bytes', '9b 3c 77 e1 08 52', 1007],
  ])('%s', (_, hex, expected) => expect(textOf(hex)).toBe(expected));

  it('[SN-3] decompress accepts content at the limit and refuses one byte more', () => {
    expect([textOf('f2 48 cd c9 c9 07 00', 5), textOf('f2 48 cd c9 c9 07 00', 4)]).toEqual(['Hello', 1009]);
  });

  it('[W19] decompress allocates at most the limit and one buffer for a compression bomb', () => {
    // 256 MiB of zeros in 256 KiB.
    const bomb = compress(Buffer.alloc(256 << 20));
    const { arrayBuffers } = process.memoryUsage();
    expect(decompress(true, bomb, 65_536)).toBe(1009);
    expect(process.memoryUsage().arrayBuffers - arrayBuffers).toBeLessThan(2 << 20);
  });

  it('decompress refuses text that is not UTF-8', () => {
    const bad = compress(Buffer.from([0xc3, 0x28]));
    expect([decompress(false, bad, 10), decompress(true, bad, 10)]).toEqual([1007, Buffer.from([0xc3, 0x28])]);
  });
});

describe('[SN-17.3] createDeflateEncoding', () => {
  const encoding = createDeflateEncoding({ deflateBytesMin: 100, deflateBytesMax: 10_000 });
  const words = 'words that come again and again, '.repeat(20);

  it('createDeflateEncoding compresses a message once and marks the frame', () => {
    const message = messageFromText(words);
    const frame = encoding.encodeMessage(message);
    expect(encoding.encodeMessage(message)).toBe(frame);
    expect(frame[0]).toBe(0xc1);
    expect(frame.length).toBeLessThan(100);
    expect(decompress(false, frame.subarray(2), 10_000)).toEqual(Buffer.from(words));
  });

  it.each<[string, ReturnType<typeof messageFromText>]>([
    ['is short', messageFromText('x'.repeat(99))],
    ['is long', messageFromText('x'.repeat(10_001))],
    ['does not get shorter', messageFromBytes(crypto.getRandomValues(new Uint8Array(1_000)))],
  ])('createDeflateEncoding sends a message plain that %s', (_, message) => {
    expect(encoding.encodeMessage(message)).toBe(frameEncoding.encodeMessage(message));
  });

  it('[SN-16.2] [SN-16.4] createDeflateEncoding keeps the escape and the kind of a message', () => {
    const escaped = encoding.encodeMessage(messageFromText(`\0${words}`));
    expect(decompress(false, escaped.subarray(2), 10_000)).toEqual(Buffer.from(`\0\0${words}`));
    expect(encoding.encodeMessage(messageFromBytes(new Uint8Array(500)))[0]).toBe(0xc2);
  });
});
