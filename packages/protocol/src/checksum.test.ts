import { describe, expect, it } from 'vitest';
import { addToSum, xxHash32 } from './checksum.js';
import { messageFromBytes, messageFromText } from './message.js';
import { TypedMessage } from './typed-message.js';

const hashOf = (text: string, seed = 0): number => {
  const bytes = new TextEncoder().encode(text);
  return xxHash32(bytes, 0, bytes.length, seed) >>> 0;
};

describe('xxHash32', () => {
  it('[SN-5.13] xxHash32 returns the published values', () => {
    expect(hashOf('')).toBe(0x02cc5d05);
    expect(hashOf('abc')).toBe(0x32d153ff);
    expect(hashOf('Nobody inspects the spammish repetition')).toBe(0xe2293b2f);
  });

  it('[SN-5.13] xxHash32 matches the reference for every kind of tail length, with and without a seed', () => {
    // From the reference's self-test: bytes of a generator, lengths 0, 1, 14, 222, seeds 0 and PRIME32.
    const prime = 2654435761;
    const bytes = new Uint8Array(222);
    let generator = BigInt(prime);
    for (let at = 0; at < bytes.length; at += 1) {
      bytes[at] = Number(generator >> 56n);
      generator = BigInt.asUintN(64, generator * 11400714785074694797n);
    }
    const of = (length: number, seed: number): number => xxHash32(bytes, 0, length, seed | 0) >>> 0;
    expect([of(0, 0), of(0, prime)]).toEqual([0x02cc5d05, 0x36b78ae7]);
    expect([of(1, 0), of(1, prime)]).toEqual([0xcf65b03e, 0xb4545aa4]);
    expect([of(14, 0), of(14, prime)]).toEqual([0x1208e7e2, 0x6af1d1fe]);
    expect([of(222, 0), of(222, prime)]).toEqual([0x5bd11dbd, 0x58803c5f]);
  });

  it('[SN-5.13] xxHash32 reads no byte outside the given range', () => {
    const bytes = new TextEncoder().encode('..a message of more than sixteen bytes..');
    const inside = bytes.slice(2, -2);
    expect(xxHash32(bytes, 2, inside.length, 0)).toBe(xxHash32(inside, 0, inside.length, 0));
  });

  it('[SN-5.13] xxHash32 changes with any single byte of a message, even if the length and both ends are equal', () => {
    const sums = new Set(['pay 100 to bob', 'pay 900 to bob', 'pay 100 to rob'].map((text) => hashOf(text)));
    expect(sums.size).toBe(3);
    const bytes = new Uint8Array(1_000).map((_, at) => at);
    const before = xxHash32(bytes, 0, 1_000, 0);
    for (let at = 0; at < 1_000; at += 1) {
      bytes[at] = (bytes[at] as number) ^ 1;
      expect(xxHash32(bytes, 0, 1_000, 0)).not.toBe(before);
      bytes[at] = (bytes[at] as number) ^ 1;
    }
  });
});

describe('the running checksum', () => {
  const sumOf = (...hashes: readonly number[]): number => hashes.reduce(addToSum, 0) >>> 0;

  it('[SN-5.13] the running checksum matches the examples of the specification', () => {
    const hello = messageFromText('hello');
    expect(sumOf(hello.hash)).toBe(4211111929);
    expect(sumOf(hello.hash, messageFromBytes(Uint8Array.of(0, 1, 255)).hash)).toBe(2409290031);
  });

  it('[SN-5.13] text and binary messages with equal bytes hash differently, and a typed message hashes as its JSON', () => {
    const bytes = new TextEncoder().encode('["q",1]');
    expect(messageFromBytes(bytes).hash).not.toBe(messageFromText('["q",1]').hash);
    expect(new TypedMessage(['q', 1]).hash).toBe(messageFromText('["q",1]').hash);
  });

  it('[SN-5.13] the running checksum changes when two messages swap places, at any distance', () => {
    const hashes = Array.from({ length: 1_100 }, (_, at) => messageFromText(`message ${at}`).hash);
    const sum = sumOf(...hashes);
    for (let distance = 1; distance < hashes.length; distance *= 2) {
      const swapped = [...hashes];
      [swapped[0], swapped[distance]] = [swapped[distance] as number, swapped[0] as number];
      expect(sumOf(...swapped)).not.toBe(sum);
    }
  });
});
