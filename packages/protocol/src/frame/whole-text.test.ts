import { expect, it } from 'vitest';
import { encodeMaskedFrame } from './frame-encoder.js';
import { OPCODE } from './opcode.js';
import { offerWholeText } from './whole-text.js';

// Tests `offerWholeText`, the fast path for a text frame that arrived whole in one chunk: the sink gets the text while
// it is still masked.

const KEY = 0x01020304;
const options = { masked: true, messageBytesMax: 1_000, fragmentsMax: 10 };

/** Returns the offset after the frame (0 if it was not taken), and the arguments `from`, `to` and `key` of the offer, if there was one. */
function offer(chunk: Uint8Array, takes = true, masked = true, end: number = chunk.length): [number, number[]] {
  const offered: number[] = [];
  const sink = {
    onMaskedText: (_chunk: Uint8Array, from: number, to: number, key: number): boolean => {
      offered.push(from, to, key);
      return takes;
    },
  };
  return [offerWholeText(sink, { ...options, masked }, chunk, 0, end), offered];
}

const text = (bytes: number): Uint8Array => encodeMaskedFrame(OPCODE.text, new Uint8Array(bytes).fill(97), KEY);

it.each([
  [2, 6],
  [125, 6],
  [126, 8],
  [1_000, 8],
])('[FR-1] a whole masked text of %i bytes is offered to the sink', (bytes, from) => {
  expect(offer(text(bytes))).toEqual([from + bytes, [from, from + bytes, KEY]]);
});

it('[FR-1] a text that the sink declines is left to the parser', () => {
  expect(offer(text(5), false)[0]).toBe(0);
});

it.each([
  ['a text that is incomplete', text(20), 25],
  ['a binary frame', encodeMaskedFrame(OPCODE.binary, new Uint8Array(9), KEY), undefined],
  ['a ping', encodeMaskedFrame(OPCODE.ping, new Uint8Array(9), KEY), undefined],
  ['a fragmented text', text(9).map((byte, at) => (at === 0 ? byte & 0x7f : byte)), undefined],
  ['a text with a reserved bit', text(9).map((byte, at) => (at === 0 ? byte | 0x40 : byte)), undefined],
  ['an unmasked text', text(9).map((byte, at) => (at === 1 ? byte & 0x7f : byte)), undefined],
  [
    'a text with a length that is not minimal',
    new Uint8Array([0x81, 0xfe, 0, 5, 0, 0, 0, 0, 97, 97, 97, 97, 97]),
    undefined,
  ],
  ['a text above the size limit', text(1_001), undefined],
])('[FR-1] the parser, not the masked-text path, handles %s', (_name, chunk, end) => {
  expect(offer(chunk, true, true, end)).toEqual([0, []]);
});

it('[FR-1] no text is offered from a peer that must not mask', () => {
  expect(offer(text(9), true, false)).toEqual([0, []]);
});
