import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyMask } from '../frame/mask.js';
import { readMaskedAck } from './masked-ack.js';

// Tests `readMaskedAck`, a fast reader for the two most frequent records of a client, directly from the masked bytes of
// a WebSocket frame. It returns `null` for everything else, which the general reader then reads.

/** Masks the text with the key, `before` bytes into a buffer, and reads it. Expects the buffer to be unchanged. */
function read(text: string, key = 0x9a01ff37, before = 3): unknown {
  const payload = new TextEncoder().encode(text);
  const bytes = new Uint8Array(before + payload.length + 5).fill(0x30);
  bytes.set(payload, before);
  applyMask(bytes, before, before + payload.length, key, 0);
  const same = bytes.slice();
  const record = readMaskedAck(bytes, before, before + payload.length, key);
  expect(bytes).toEqual(same);
  return record;
}

const ack = { t: 'ack', ack: 64, received: 70, seen: 0, sent: 3, sum: 4_294_967_295 };

describe('readMaskedAck', () => {
  it('[SN-6.2] readMaskedAck reads the acknowledgements of clients, with any key, at any offset', () => {
    const whole = fc.oneof(
      fc.nat(),
      fc.nat(99),
      fc.maxSafeNat().map((value) => value % 1e15),
    );
    fc.assert(
      fc.property(
        fc.record({ ack: whole, received: whole, seen: whole, sent: whole, sum: whole }),
        fc.integer(),
        fc.nat(9),
        (counts, key, before) => {
          const { received, seen, sent, sum } = counts;
          const record = { t: 'ack', ack: counts.ack, received, seen, sent, sum };
          expect(read(`\0${JSON.stringify(record)}`, key, before)).toEqual(record);
        },
      ),
    );
  });

  it('[SN-5.2] readMaskedAck reads a `from` in its common form', () => {
    for (const first of [0, 1, 77, 999_999_999_999_999])
      expect(read(`\0{"t":"from","first":${first}}`)).toEqual({ t: 'from', first });
    for (const text of [
      '\0{"t":"from","first":-1}',
      '\0{"t":"from","first":01}',
      '\0{"t":"from","first":1} ',
      '\0{"t":"from"}',
    ])
      expect(read(text)).toBeNull();
  });

  it.each([
    ['a record of another name', { ...ack, t: 'pong' }],
    ['an ack of a closing end', { ...ack, last: 70 }],
    ['an ack with another order of fields', { ack: 64, t: 'ack', received: 70, seen: 0, sent: 3, sum: 1 }],
    ['a negative count', { ...ack, ack: -1 }],
    ['a fraction', { ...ack, received: 1.5 }],
    ['an exponent', { ...ack, sum: 1e21 }],
    ['a text for a count', { ...ack, sent: '3' }],
    ['a count that is no longer exact', { ...ack, seen: 2 ** 53 }],
    ['a missing field', { t: 'ack', ack: 64, received: 70, seen: 0, sent: 3 }],
  ])('[SN-2.6] readMaskedAck leaves %s to the general reader', (_, record) => {
    expect(read(`\0${JSON.stringify(record)}`)).toBeNull();
  });

  it('[SN-2.6] readMaskedAck declines invalid JSON and incomplete records', () => {
    const text = `\0${JSON.stringify(ack)}`;
    expect(read(text)).toEqual(ack);
    for (let length = 0; length < text.length; length++) expect(read(text.slice(0, length))).toBeNull();
    expect(read(text.replace(':64', ':064'))).toBeNull();
    expect(read(text.replace(':0', ':00'))).toBeNull();
    expect(read(text.replace(':64', ':'))).toBeNull();
    expect(read(text.replace(':64', ': 64'))).toBeNull();
    expect(read(`${text} `)).toBeNull();
    expect(read(text.slice(1))).toBeNull();
  });
});
