import { describe, expect, it } from 'vitest';
import { FrameParser } from './frame-parser.js';

// Tests that `FrameParser`, the parser of WebSocket frames, accepts the compression bit (RSV1) exactly where RFC 7692
// allows it. Bytes are written in hexadecimal.

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.replaceAll(' ', '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Feeds a client's parser in pieces of `step` bytes. Returns its reports, one per entry, with the error last. */
function parse(hex: string, step: number, deflate: boolean): string[] {
  const reports: string[] = [];
  const parser = new FrameParser(
    {
      onData: (binary, payload) => void reports.push(`${binary ? 'binary' : 'text'} ${hexOf(payload)}`),
      onCompressed: (binary, payload) =>
        void reports.push(`compressed ${binary ? 'binary' : 'text'} ${hexOf(payload)}`),
      onPing: () => void reports.push('ping'),
      onPong: () => void reports.push('pong'),
      onClose: (code) => void reports.push(`close ${code}`),
    },
    { masked: false, messageBytesMax: 1_000, fragmentsMax: 8, deflate },
  );
  const bytes = bytesOf(hex);
  for (let at = 0; at < bytes.length; at += step) {
    const error = parser.feed(bytes.slice(at, at + step));
    if (error) return [...reports, `${error.code} ${error.closeCode}`];
  }
  return reports;
}

describe('[FR-22.1] [FR-22.2] compressed messages', () => {
  it.each<[string, string, string[]]>([
    [
      '[RFC 7692 §7.2.3.1] a compressed text in one frame is reported',
      'c1 07 f248cdc9c90700',
      ['compressed text f248cdc9c90700'],
    ],
    [
      '[RFC 7692 §7.2.3.1] a compressed text in two frames is reported',
      '41 03 f248cd 80 04 c9c90700',
      ['compressed text f248cdc9c90700'],
    ],
    ['[RFC 7692 §6] a compressed binary message is not read as text', 'c2 02 ff00', ['compressed binary ff00']],
    ['[RFC 7692 §6] the UTF-8 of compressed bytes is not checked', 'c1 02 ff00', ['compressed text ff00']],
    [
      '[RFC 7692 §6] an uncompressed message between two compressed ones is reported',
      'c1 00 81 01 61 c1 00',
      ['compressed text ', 'text 61', 'compressed text '],
    ],
    [
      '[RFC 7692 §6] a control frame between compressed fragments is reported',
      '41 01 f2 89 00 80 01 00',
      ['ping', 'compressed text f200'],
    ],
    ['[RFC 7692 §6] RSV1 on a continuation is refused', '41 01 f2 c0 01 00', ['reserved_bit 1002']],
    [
      '[RFC 7692 §6] RSV1 on a continuation of an uncompressed message is refused',
      '01 01 61 c0 01 00',
      ['reserved_bit 1002'],
    ],
    ['[RFC 7692 §6] RSV1 on a ping is refused', 'c9 00', ['reserved_bit 1002']],
    ['[RFC 7692 §6] RSV1 on a close is refused', 'c8 00', ['reserved_bit 1002']],
    ['[RFC 6455 §5.2] RSV1 with RSV2 is refused', 'e1 00', ['reserved_bit 1002']],
    ['[RFC 6455 §5.2] RSV1 with RSV3 is refused', 'd1 00', ['reserved_bit 1002']],
    ['[RFC 6455 §5.2] RSV2 alone is refused', 'a1 00', ['reserved_bit 1002']],
    ['[RFC 6455 §5.2] RSV1 with a reserved opcode is refused', 'c3 00', ['reserved_bit 1002']],
    [
      '[RFC 6455 §5.6] the UTF-8 of uncompressed text is still checked',
      'c1 01 00 81 01 ff',
      ['compressed text 00', 'utf8_invalid 1007'],
    ],
    ['[FR-11] the size limit applies to the compressed bytes', 'c1 7e 03e9', ['message_too_big 1009']],
  ])('%s', (_, hex, reports) => {
    for (const step of [Number.POSITIVE_INFINITY, 1, 2, 3]) expect(parse(hex, step, true)).toEqual(reports);
  });

  it('[FR-22.3] compressed messages are refused if compression was not negotiated', () => {
    for (const hex of ['c1 00', 'c2 00', '41 00']) expect(parse(hex, 1, false)).toEqual(['reserved_bit 1002']);
  });
});
