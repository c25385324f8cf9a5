// Over 300 lines: every framing rule of RFC 6455 sections 5 to 8 as a byte literal, in one place to be compared with the RFC.
import { isUtf8 } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { FrameParser, type FrameParserOptions } from './frame-parser.js';
import { unmaskInto } from './mask.js';

type Role = 'server' | 'client';

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.replaceAll(' ', '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Feeds a parser in pieces of `step` bytes. Returns its reports, one per entry, with the error last.
 *
 * @param offered whether the sink also takes whole texts that are still masked
 */
function parse(
  role: Role,
  hex: string,
  step: number,
  limits: Partial<FrameParserOptions> = {},
  offered = false,
): string[] {
  const reports: string[] = [];
  const onMaskedText = (chunk: Uint8Array, from: number, to: number, key: number): boolean => {
    const payload = new Uint8Array(to - from);
    unmaskInto(payload, 0, chunk, from, to, key);
    if (!isUtf8(payload)) return false;
    reports.push(`text ${new TextDecoder().decode(payload)}`);
    return true;
  };
  const sink = {
    ...(offered ? { onMaskedText } : undefined),
    onData: (binary: boolean, payload: Uint8Array): void => {
      reports.push(binary ? `binary ${hexOf(payload)}` : `text ${new TextDecoder().decode(payload)}`);
    },
    onPing: (payload: Uint8Array): void => void reports.push(`ping ${hexOf(payload)}`),
    onPong: (payload: Uint8Array): void => void reports.push(`pong ${hexOf(payload)}`),
    onClose: (code: number, reason: string): void => void reports.push(`close ${code} ${reason}`),
  };
  const options = { masked: role === 'server', messageBytesMax: 70_000, fragmentsMax: 8, ...limits };
  const parser = new FrameParser(sink, options);
  const bytes = bytesOf(hex);
  for (let at = 0; at < bytes.length; at += step) {
    const error = parser.feed(bytes.slice(at, at + step));
    if (error) return [...reports, `${error.code} ${error.closeCode}`];
  }
  return reports;
}

/** Expects the same reports for whole and split bytes, with and without a sink that takes masked texts (FR-13). */
function expectReports(
  role: Role,
  hex: string,
  reports: readonly string[],
  limits?: Partial<FrameParserOptions>,
): void {
  expect(parse(role, hex, Number.POSITIVE_INFINITY, limits)).toEqual(reports);
  for (const step of [1, 2, 3, 7]) expect(parse(role, hex, step, limits)).toEqual(reports);
  for (const step of [9, Number.POSITIVE_INFINITY]) expect(parse(role, hex, step, limits, true)).toEqual(reports);
}

/** The masking key of the examples in the RFC. */
const masked = '37fa213d';

describe('[FR-1] masking', () => {
  it.each<[string, Role, string, string[]]>([
    ['[RFC 6455 §5.1] a server fails an unmasked frame', 'server', '81 05 48656c6c6f', ['mask_missing 1002']],
    ['[RFC 6455 §5.1] a server fails an unmasked control frame', 'server', '88 00', ['mask_missing 1002']],
    ['[RFC 6455 §5.1] a client fails a masked frame', 'client', `81 85 ${masked} 7f9f4d5158`, ['mask_unexpected 1002']],
    ['[RFC 6455 §5.1] a client fails a masked control frame', 'client', `8a 80 ${masked}`, ['mask_unexpected 1002']],
    [
      '[RFC 6455 §5.3] byte i is xored with byte i mod 4 of the key',
      'server',
      '82 86 01020304 000000000000',
      ['binary 010203040102'],
    ],
    ['[RFC 6455 §5.3] a key of zeros changes nothing', 'server', '82 83 00000000 a1b2c3', ['binary a1b2c3']],
    [
      '[RFC 6455 §5.3] each frame has its own key',
      'server',
      '02 82 01010101 0101 80 82 02020202 0202',
      ['binary 00000000'],
    ],
    [
      '[RFC 6455 §5.3] an empty payload still has a key',
      'server',
      `81 80 ${masked} 82 80 ${masked}`,
      ['text ', 'binary '],
    ],
  ])('%s', (_, role, hex, reports) => expectReports(role, hex, reports));
});

describe('[FR-2] [FR-3] [FR-4] header', () => {
  it.each<[string, Role, string, string[]]>([
    ['[RFC 6455 §5.2] a set RSV1 is refused', 'client', 'c1 00', ['reserved_bit 1002']],
    ['[RFC 6455 §5.2] a set RSV2 is refused', 'client', 'a1 00', ['reserved_bit 1002']],
    ['[RFC 6455 §5.2] a set RSV3 is refused', 'client', '91 00', ['reserved_bit 1002']],
    ['[RFC 6455 §5.2] RSV1 on a control frame is refused', 'client', 'c9 00', ['reserved_bit 1002']],
    ['[RFC 6455 §5.8] RSV1 on a continuation is refused', 'client', '01 01 61 c0 00', ['reserved_bit 1002']],
    ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode): [string, Role, string, string[]] => [
      `[RFC 6455 §5.2] opcode ${opcode} is reserved`,
      'client',
      `8${opcode.toString(16)} 00`,
      ['reserved_opcode 1002'],
    ]),
    [
      '[RFC 6455 §5.2] a reserved opcode fails at the first byte, before the rest arrives',
      'client',
      '83',
      ['reserved_opcode 1002'],
    ],
    [
      '[RFC 6455 §5.2] 125 bytes in the 7-bit form are read',
      'client',
      `82 7d ${'ab'.repeat(125)}`,
      [`binary ${'ab'.repeat(125)}`],
    ],
    [
      '[RFC 6455 §5.2] 126 bytes in the 16-bit form are read',
      'client',
      `82 7e 007e ${'ab'.repeat(126)}`,
      [`binary ${'ab'.repeat(126)}`],
    ],
    ['[RFC 6455 §5.2] 125 bytes in the 16-bit form are refused', 'client', '82 7e 007d', ['length_not_minimal 1002']],
    ['[RFC 6455 §5.2] 0 bytes in the 16-bit form are refused', 'client', '82 7e 0000', ['length_not_minimal 1002']],
    [
      '[RFC 6455 §5.2] 65,535 bytes in the 64-bit form are refused',
      'client',
      '82 7f 000000000000ffff',
      ['length_not_minimal 1002'],
    ],
    [
      '[RFC 6455 §5.2] a 64-bit length with its highest bit set is refused',
      'client',
      '82 7f 80',
      ['length_invalid 1002'],
    ],
    ['[RFC 6455 §5.2] an empty text message is reported', 'client', '81 00', ['text ']],
    ['[RFC 6455 §5.2] an empty binary message is reported', 'client', '82 00', ['binary ']],
  ])('%s', (_, role, hex, reports) => expectReports(role, hex, reports));

  it('[RFC 6455 §5.2] 65,535 bytes in the 16-bit form and 65,536 in the 64-bit form are read in network byte order', () => {
    expect(parse('client', `82 7e ffff ${'01'.repeat(65_535)}`, 4096)).toEqual([`binary ${'01'.repeat(65_535)}`]);
    expect(parse('client', `82 7f 0000000000010000 ${'02'.repeat(65_536)}`, 4096)).toEqual([
      `binary ${'02'.repeat(65_536)}`,
    ]);
  });
});

describe('[FR-6] [FR-7] fragmentation', () => {
  it.each<[string, Role, string, string[]]>([
    ['[RFC 6455 §5.4] an unfragmented message is reported', 'client', '81 02 6869', ['text hi']],
    [
      '[RFC 6455 §5.4] a message in three fragments has the type of the first',
      'client',
      '02 01 61 00 01 62 80 01 63',
      ['binary 616263'],
    ],
    ['[RFC 6455 §5.4] fragments may be empty', 'client', '01 00 00 00 80 00', ['text ']],
    ['[RFC 6455 §5.4] the last fragment may be empty', 'client', '01 02 6869 80 00', ['text hi']],
    ['[RFC 6455 §5.4] an unfinished message is not reported', 'client', '01 02 6869', []],
    [
      '[RFC 6455 §5.4] control frames between fragments do not disturb the message',
      'client',
      '01 02 4865 89 02 6162 00 01 6c 8a 00 80 02 6c6f',
      ['ping 6162', 'pong ', 'text Hello'],
    ],
    [
      '[RFC 6455 §5.4] nothing is read after a close between fragments',
      'client',
      '01 02 4865 88 00 80 02 6c6f',
      ['close 1005 '],
    ],
    [
      '[RFC 6455 §5.4] a continuation without a message is refused',
      'client',
      '80 01 61',
      ['continuation_unexpected 1002'],
    ],
    [
      '[RFC 6455 §5.4] an unfinished continuation without a message is refused',
      'client',
      '00 01 61',
      ['continuation_unexpected 1002'],
    ],
    [
      '[RFC 6455 §5.4] a continuation after a whole message is refused',
      'client',
      '81 01 61 80 01 62',
      ['text a', 'continuation_unexpected 1002'],
    ],
    [
      '[RFC 6455 §5.4] a message inside another is refused',
      'client',
      '01 01 61 81 01 62',
      ['continuation_missing 1002'],
    ],
    [
      '[RFC 6455 §5.4] a second first fragment is refused',
      'client',
      '02 01 61 02 01 62',
      ['continuation_missing 1002'],
    ],
    [
      '[RFC 6455 §5.4] two consecutive fragmented messages are reported',
      'client',
      '01 01 61 80 01 62 02 01 63 80 01 64',
      ['text ab', 'binary 6364'],
    ],
  ])('%s', (_, role, hex, reports) => expectReports(role, hex, reports));
});

describe('[FR-5] [FR-9] control frames', () => {
  it.each<[string, Role, string, string[]]>([
    ['[RFC 6455 §5.5] a fragmented ping is refused', 'client', '09 00', ['control_fragmented 1002']],
    ['[RFC 6455 §5.5] a fragmented pong is refused', 'client', '0a 01 61', ['control_fragmented 1002']],
    ['[RFC 6455 §5.5] a fragmented close is refused', 'client', '08 00', ['control_fragmented 1002']],
    [
      '[RFC 6455 §5.5] a ping of 125 bytes is reported',
      'client',
      `89 7d ${'61'.repeat(125)}`,
      [`ping ${'61'.repeat(125)}`],
    ],
    ['[RFC 6455 §5.5] a ping of 126 bytes is refused', 'client', '89 7e 007e', ['control_too_long 1002']],
    ['[RFC 6455 §5.5] a close of 126 bytes is refused', 'client', '88 7e 007e', ['control_too_long 1002']],
    ['[RFC 6455 §5.5] a pong with a 64-bit length is refused', 'client', '8a 7f', ['control_too_long 1002']],
    ['[RFC 6455 §5.5.1] an empty close is reported', 'client', '88 00', ['close 1005 ']],
    ['[RFC 6455 §5.5.1] a close with a code is reported', 'client', '88 02 03e8', ['close 1000 ']],
    ['[RFC 6455 §5.5.1] a close with code and reason is reported', 'client', '88 05 03e9 627965', ['close 1001 bye']],
    [
      '[RFC 6455 §5.5.1] a masked close with code and reason is reported',
      'server',
      '88 85 01010101 02e8 637864',
      ['close 1001 bye'],
    ],
    ['[RFC 6455 §5.5.1] a close of one byte is refused', 'client', '88 01 03', ['close_malformed 1002']],
    [
      '[RFC 6455 §5.5.1] a close reason that is not UTF-8 is refused',
      'client',
      '88 04 03e8 c328',
      ['utf8_invalid 1007'],
    ],
    [
      '[RFC 6455 §5.5.1] a close reason that ends inside a character is refused',
      'client',
      '88 04 03e8 e282',
      ['utf8_invalid 1007'],
    ],
    ['[RFC 6455 §5.5.1] nothing after a close is read', 'client', '88 00 81 02 6869 ff ff', ['close 1005 ']],
    ['[RFC 6455 §5.5.2] a ping with data is reported', 'server', '89 82 00000000 6162', ['ping 6162']],
    ['[RFC 6455 §5.5.2] an empty ping is reported', 'client', '89 00', ['ping ']],
    ['[RFC 6455 §5.5.3] an unsolicited pong is reported', 'client', '8a 02 6162', ['pong 6162']],
  ])('%s', (_, role, hex, reports) => expectReports(role, hex, reports));
});

describe('[FR-9] close codes', () => {
  const wire = (code: number): string => `88 02 ${code.toString(16).padStart(4, '0')}`;
  for (const code of [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999]) {
    it(`[RFC 6455 §7.4] close code ${code} is accepted`, () => expectReports('client', wire(code), [`close ${code} `]));
  }
  for (const code of [1004, 1005, 1006, 1015]) {
    it(`[RFC 6455 §7.4.1] close code ${code}, which must never be sent, is refused`, () =>
      expectReports('client', wire(code), ['close_code_invalid 1002']));
  }
  for (const code of [0, 999, 1016, 1100, 2000, 2999, 5000, 65_535]) {
    it(`[RFC 6455 §7.4.2] close code ${code}, which is unassigned, is refused`, () =>
      expectReports('client', wire(code), ['close_code_invalid 1002']));
  }
});

describe('[FR-8] data frames', () => {
  it.each<[string, Role, string, string[]]>([
    ['[RFC 6455 §5.6] a fragment may end inside a character', 'client', '01 01 e2 00 01 82 80 01 ac', ['text €']],
    ['[RFC 6455 §5.6] a message may not end inside a character', 'client', '81 02 e282', ['utf8_invalid 1007']],
    [
      '[RFC 6455 §5.6] a message whose last fragment is empty may not end inside a character',
      'client',
      '01 01 e2 80 00',
      ['utf8_invalid 1007'],
    ],
    ['[RFC 6455 §5.6] binary content may be any bytes', 'client', '82 04 c0ff80f5', ['binary c0ff80f5']],
    ['[RFC 6455 §8.1] an invalid byte is refused', 'client', '81 01 ff', ['utf8_invalid 1007']],
    ['[RFC 6455 §8.1] an invalid masked byte is refused', 'server', '81 81 01010101 fe', ['utf8_invalid 1007']],
    ['[RFC 6455 §8.1] an overlong form is refused', 'client', '81 02 c0af', ['utf8_invalid 1007']],
    ['[RFC 6455 §8.1] a surrogate is refused', 'client', '81 03 eda080', ['utf8_invalid 1007']],
    ['[RFC 6455 §8.1] a character above U+10FFFF is refused', 'client', '81 04 f4908080', ['utf8_invalid 1007']],
    [
      '[RFC 6455 §8.1] an invalid byte is refused immediately, long before the end of the message',
      'client',
      '81 7e 1000 61 c3 28',
      ['utf8_invalid 1007'],
    ],
    [
      '[RFC 6455 §8.1] an invalid sequence across a fragment boundary is refused',
      'client',
      '01 01 c3 00 01 28',
      ['utf8_invalid 1007'],
    ],
  ])('%s', (_, role, hex, reports) => expectReports(role, hex, reports));
});

describe('the examples', () => {
  const content = (count: number): string => '5a'.repeat(count);
  it.each<[string, Role, string, string[]]>([
    [
      '[RFC 6455 §5.7] a single-frame unmasked text message is reported',
      'client',
      '81 05 48 65 6c 6c 6f',
      ['text Hello'],
    ],
    [
      '[RFC 6455 §5.7] a single-frame masked text message is reported',
      'server',
      '81 85 37 fa 21 3d 7f 9f 4d 51 58',
      ['text Hello'],
    ],
    [
      '[RFC 6455 §5.7] a fragmented unmasked text message is reported',
      'client',
      '01 03 48 65 6c 80 02 6c 6f',
      ['text Hello'],
    ],
    ['[RFC 6455 §5.7] an unmasked ping is reported', 'client', '89 05 48 65 6c 6c 6f', ['ping 48656c6c6f']],
    ['[RFC 6455 §5.7] a masked pong is reported', 'server', '8a 85 37 fa 21 3d 7f 9f 4d 51 58', ['pong 48656c6c6f']],
    [
      '[RFC 6455 §5.7] a binary message of 256 bytes is reported',
      'client',
      `82 7e 0100 ${content(256)}`,
      [`binary ${content(256)}`],
    ],
    [
      '[RFC 6455 §6.2] several frames in one read are reported in order',
      'client',
      '81 01 61 82 01 62 89 00',
      ['text a', 'binary 62', 'ping '],
    ],
  ])('%s', (_, role, hex, reports) => expectReports(role, hex, reports));

  it('[RFC 6455 §5.7] a binary message of 64 KiB is reported', () => {
    expect(parse('client', `82 7f 0000000000010000 ${content(65_536)}`, 8192)).toEqual([`binary ${content(65_536)}`]);
  });
});

describe('closing and failing', () => {
  it.each<[string, Role, string, string[]]>([
    ['[RFC 6455 §7.1.5] the reported code is that of the close frame', 'client', '88 02 0fa0', ['close 4000 ']],
    ['[RFC 6455 §7.1.5] a close without a code is reported as 1005', 'server', '88 80 00000000', ['close 1005 ']],
    [
      '[RFC 6455 §7.1.6] the reported reason is that of the close frame',
      'client',
      '88 05 0fa0 e282ac',
      ['close 4000 €'],
    ],
    [
      '[RFC 6455 §7.1.6] a close without a reason is reported with an empty one',
      'client',
      '88 02 0fa0',
      ['close 4000 '],
    ],
    [
      '[RFC 6455 §7.1.7] messages before an error are reported',
      'client',
      '81 01 61 83 00',
      ['text a', 'reserved_opcode 1002'],
    ],
    [
      '[RFC 6455 §7.1.7] messages after an error are not reported',
      'client',
      '83 00 81 01 61',
      ['reserved_opcode 1002'],
    ],
    ['[RFC 6455 §7.4.1] a protocol error has the close code 1002', 'client', '80 00', ['continuation_unexpected 1002']],
    ['[RFC 6455 §7.4.1] invalid text has the close code 1007', 'client', '81 01 80', ['utf8_invalid 1007']],
    [
      '[RFC 6455 §7.4.1] a message above the size limit has the close code 1009',
      'client',
      '82 7f 0000000000011171',
      ['message_too_big 1009'],
    ],
  ])('%s', (_, role, hex, reports) => expectReports(role, hex, reports));
});

describe('limits', () => {
  it('[FR-11] a frame whose header announces too many bytes is refused before its payload arrives', () => {
    expectReports('client', '82 05', ['message_too_big 1009'], { messageBytesMax: 4 });
    expectReports('client', '82 7e 0400', ['message_too_big 1009'], { messageBytesMax: 1023 });
    expectReports('client', '82 7f 7fffffffffffffff', ['message_too_big 1009']);
    expectReports('server', '82 84 00000000 61626364', ['binary 61626364'], { messageBytesMax: 4 });
  });

  it('[FR-11] the size limit applies to all fragments of a message together, and to each message separately', () => {
    expectReports('client', '02 03 616263 80 02', ['message_too_big 1009'], { messageBytesMax: 4 });
    expectReports('client', '82 04 61626364 82 04 61626364', ['binary 61626364', 'binary 61626364'], {
      messageBytesMax: 4,
    });
  });

  it('[FR-11] control frames do not count towards the message size', () => {
    expectReports('client', '02 01 61 89 04 61626364 80 01 62', ['ping 61626364', 'binary 6162'], {
      messageBytesMax: 2,
    });
  });

  it('[FR-12] the number of frames of a message is limited, empty frames included', () => {
    expectReports('client', '02 00 00 00 00 00 80 00', ['too_many_fragments 1009'], { fragmentsMax: 3 });
    expectReports('client', '02 00 89 00 00 00 80 00 82 00', ['ping ', 'binary ', 'binary '], { fragmentsMax: 3 });
  });
});
