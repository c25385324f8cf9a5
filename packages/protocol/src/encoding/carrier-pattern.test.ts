import { describe, expect, it } from 'vitest';
import type { AttachRecord, BodyRecord } from '../record.js';
import { CarrierPattern } from './carrier-pattern.js';
import { readPlainCarrier } from './plain-carrier.js';

// Tests `CarrierPattern`, which remembers the last request of a client. The next request usually differs only in its
// numbers, and is then read without a JSON parser.

const counts = { ack: 3, received: 17, seen: 0, sent: 90, sum: 4_294_967_295 };
const attach: AttachRecord = { t: 'attach', id: 'KxtAc58W-1', n: 7, instance: 12, ...counts };
const body: BodyRecord = { t: 'body', id: 'KxtAc58W-1', n: 3, instance: 12, first: 1, count: 0, ...counts };

/** Returns the pattern of a request. */
function patternOf(text: string): CarrierPattern {
  return CarrierPattern.of(text, readPlainCarrier(text) as AttachRecord) as CarrierPattern;
}

/** Reads a request from the middle of a larger chunk. Returns `null` if it does not match the pattern. */
function read(pattern: CarrierPattern, text: string): unknown {
  const chunk = new TextEncoder().encode(`9{${text}}9`);
  return pattern.read(chunk, 2, chunk.length - 2);
}

describe('a kept carrier', () => {
  it.each([
    [attach, { n: 8, received: 19, ack: 19, seen: 5, sent: 2 ** 49, sum: 0 }],
    [{ ...attach, hidden: true, resets: 4, every: 500 }, { n: 999_999_999_999_999 }],
    [body, { first: 44, sum: 1 }],
    [{ ...body, count: 0, blind: true }, { first: 2 }],
  ])('a kept carrier reads a carrier that differs only in its counts, %#', (before, counts) => {
    const after = { ...before, ...counts };
    const pattern = patternOf(JSON.stringify(before));
    expect(read(pattern, JSON.stringify(after))).toEqual(after);
    expect(read(pattern, JSON.stringify(before))).toEqual(before);
  });

  it('a kept carrier declines a carrier that differs in anything else', () => {
    const pattern = patternOf(JSON.stringify(attach));
    const others: object[] = [body, { ...attach, id: 'KxtAc58W-2' }, { ...attach, instance: 13 }];
    others.push({ ...attach, prompt: true }, { ...attach, t: 'fail' }, { ...attach, count: 1 }, []);
    for (const other of others) expect(read(pattern, JSON.stringify(other))).toBeNull();
  });

  it.each(['', '-7', '07', '00', '7.0', '7e1', '"7"', '1234567890123456', 'null', ' 7'])(
    'a kept carrier declines a count written as %s',
    (number) => {
      const text = JSON.stringify(attach);
      const pattern = patternOf(text);
      for (const name of ['n', 'ack', 'sum'] as const)
        expect(read(pattern, text.replace(`"${name}":${attach[name]}`, `"${name}":${number}`))).toBeNull();
    },
  );

  it('a kept carrier declines a carrier that is shorter or longer', () => {
    const text = JSON.stringify(attach);
    const pattern = patternOf(text);
    for (let length = 0; length < text.length; length += 1) expect(read(pattern, text.slice(0, length))).toBeNull();
    for (const more of [' ', '}', '[]']) expect(read(pattern, text + more)).toBeNull();
  });

  it('a carrier with another JSON format is not kept', () => {
    for (const text of [JSON.stringify(attach, null, 1), JSON.stringify(attach).replace('"n":7', '"n":6,"n":7')])
      expect(CarrierPattern.of(text, JSON.parse(text))).toBeNull();
  });
});
