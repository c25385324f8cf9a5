import { describe, expect, it } from 'vitest';
import {
  encodeClose,
  encodeClosePayload,
  encodeFrame,
  encodeMaskedFrame,
  encodePing,
  encodePong,
  frameHeaderBytes,
  writeFrameHeader,
} from './frame-encoder.js';
import { OPCODE } from './opcode.js';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('frame encoder', () => {
  it('[RFC 6455 §5.7] the frame encoder encodes the examples of the RFC', () => {
    expect(hexOf(encodeFrame(OPCODE.text, text('Hello')))).toBe('810548656c6c6f');
    expect(hexOf(encodeMaskedFrame(OPCODE.text, text('Hello'), 0x37fa213d))).toBe('818537fa213d7f9f4d5158');
    expect(hexOf(encodePing(text('Hello')))).toBe('890548656c6c6f');
    expect(hexOf(encodeMaskedFrame(OPCODE.pong, text('Hello'), 0x37fa213d))).toBe('8a8537fa213d7f9f4d5158');
    expect(hexOf(encodeFrame(OPCODE.binary, new Uint8Array(256))).slice(0, 8)).toBe('827e0100');
    expect(hexOf(encodeFrame(OPCODE.binary, new Uint8Array(65_536))).slice(0, 20)).toBe('827f0000000000010000');
  });

  it.each([
    [0, '8200'],
    [125, '827d'],
    [126, '827e007e'],
    [65_535, '827effff'],
    [65_536, '827f0000000000010000'],
    [2 ** 40 + 3, '827f0000010000000003'],
  ])('[FR-18] [RFC 6455 §6.1] a payload of %i bytes gets the shortest length form', (payloadBytes, hex) => {
    const header = new Uint8Array(frameHeaderBytes(payloadBytes));
    expect(writeFrameHeader(header, 0, OPCODE.binary, payloadBytes)).toBe(header.length);
    expect(hexOf(header)).toBe(hex);
  });

  it('[FR-18] frame headers can be written back to back into one buffer', () => {
    const slab = new Uint8Array(8).fill(0xee);
    slab[writeFrameHeader(slab, 1, OPCODE.text, 1)] = 0x61;
    expect(writeFrameHeader(slab, 4, OPCODE.text, 1)).toBe(6);
    expect(hexOf(slab)).toBe('ee8101618101eeee');
  });

  it('[FR-19] [RFC 6455 §5.3] empty and long payloads are masked, with keys of either sign', () => {
    expect(hexOf(encodeMaskedFrame(OPCODE.ping, new Uint8Array(0), -1))).toBe('8980ffffffff');
    const long = encodeMaskedFrame(OPCODE.binary, new Uint8Array(1000), 0x01020304);
    expect(hexOf(long)).toBe(`82fe03e801020304${'01020304'.repeat(250)}`);
  });

  it('[FR-19] encoding a masked frame does not change the given payload', () => {
    const payload = text('Hello');
    encodeMaskedFrame(OPCODE.text, payload, 0x37fa213d);
    expect(payload).toEqual(text('Hello'));
  });

  it('[RFC 6455 §5.5.1] the frame encoder encodes close frames', () => {
    expect(hexOf(encodeClose())).toBe('8800');
    expect(hexOf(encodeClose(1000))).toBe('880203e8');
    expect(hexOf(encodeClose(1001, 'bye'))).toBe('880503e9627965');
  });

  it('[FR-20] a close reason that is too long is cut at a character boundary', () => {
    expect(encodeClosePayload(1000, 'a'.repeat(200))).toHaveLength(125);
    expect(hexOf(encodeClosePayload(1000, `${'a'.repeat(122)}é`).slice(-1))).toBe('61');
    expect(encodeClosePayload(1000, `${'a'.repeat(122)}é`)).toHaveLength(124);
    expect(encodeClosePayload(1000, `${'a'.repeat(120)}😀`)).toHaveLength(122);
    expect(encodeClosePayload(1000, `${'a'.repeat(119)}😀`)).toHaveLength(125);
  });

  it('[RFC 6455 §5.5.3] a pong carries the payload of its ping', () => {
    expect(hexOf(encodePong(text('abc')))).toBe('8a03616263');
    expect(encodePing(new Uint8Array(200))).toHaveLength(127);
  });
});
