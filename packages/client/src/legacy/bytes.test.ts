import { expect, it } from 'vitest';
import { toBytes } from './bytes.js';

it.each([[5], [undefined], [null], [{ a: 1 }], [true]])('the value %o is not data', (value) => {
  expect(() => toBytes(value as unknown as ArrayBuffer)).toThrow(new TypeError('send takes text or bytes'));
});

it('bytes of any kind are copied', () => {
  const bytes = Uint8Array.of(1, 2, 255);
  for (const source of [bytes, bytes.buffer, [1, 2, 255]]) expect([...toBytes(source)]).toEqual([1, 2, 255]);
  expect(toBytes(bytes)).not.toBe(bytes);
});
