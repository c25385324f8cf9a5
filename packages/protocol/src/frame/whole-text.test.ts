import { expect, it } from 'vitest';
import { encodeMaskedFrame } from './frame-encoder.js';
import { OPCODE } from './opcode.js';
import { offerWholeText } from './whole-text.js';

const KEY = 0x01020304;
const options = { masked: true, messageBytesMax: 1_000, fragmentsMax: 10 };

/** @returns where it went on, and what was offered. */
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
])('[FR-1] offers a whole text of %i bytes', (bytes, from) => {
  expect(offer(text(bytes))).toEqual([from + bytes, [from, from + bytes, KEY]]);
});

it('[FR-1] goes on where it was if it was not taken', () => {
  expect(offer(text(5), false)[0]).toBe(0);
});

it.each([
  ['one that is not all there', text(20), 25],
  ['a binary one', encodeMaskedFrame(OPCODE.binary, new Uint8Array(9), KEY), undefined],
  ['a ping', encodeMaskedFrame(OPCODE.ping, new Uint8Array(9), KEY), undefined],
  ['one that goes on', text(9).map((byte, at) => (at === 0 ? byte & 0x7f : byte)), undefined],
  ['one with a reserved bit', text(9).map((byte, at) => (at === 0 ? byte | 0x40 : byte)), undefined],
  ['one that is not masked', text(9).map((byte, at) => (at === 1 ? byte & 0x7f : byte)), undefined],
  [
    'one whose length is longer than it need be',
    new Uint8Array([0x81, 0xfe, 0, 5, 0, 0, 0, 0, 97, 97, 97, 97, 97]),
    undefined,
  ],
  ['one that is too long', text(1_001), undefined],
])('[FR-1] leaves to the parser %s', (_name, chunk, end) => {
  expect(offer(chunk, true, true, end)).toEqual([0, []]);
});

it('[FR-1] offers nothing of a peer that must not mask', () => {
  expect(offer(text(9), true, false)).toEqual([0, []]);
});
