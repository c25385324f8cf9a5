import { expect, it } from 'vitest';
import { isWellFormed } from './well-formed.js';

it('isWellFormed finds a lone surrogate in any string of a value, at any depth', () => {
  for (const half of ['\ud83d', 'a\ude00b', '\ude00\ud83d'])
    for (const value of [half, [half], { text: half }, { a: [1, null, { b: half }] }])
      expect([value, isWellFormed(value)]).toEqual([value, false]);
});

it('isWellFormed accepts values that are not JSON, even circular ones', () => {
  class Body {
    readonly self = this;
    readonly text = '\ud83d';
  }
  expect([new Body(), new Uint8Array(2), () => '\ud83d'].map(isWellFormed)).toEqual([true, true, true]);
  expect(isWellFormed(Object.assign(Object.create(null), { text: '\ud83d' }))).toBe(false);
});

it('isWellFormed accepts whole characters, and values without text', () => {
  for (const value of ['', '😀', '\ufffd\0', 7, true, null, undefined, [], {}, { text: '😀', more: [{ i: 1 }] }])
    expect([value, isWellFormed(value)]).toEqual([value, true]);
});
