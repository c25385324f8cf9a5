import { describe, expect, it } from 'vitest';
import { CLOSE_CODES, isCloseCodeOnWire, reconnectsAfter } from './close-codes.js';

describe('close codes', () => {
  it('[FR-21.3] [RFC 6455 §7.4] only close codes that the RFC and its registry allow may be sent', () => {
    const allowed = Array.from({ length: 65_536 }, (_, code) => code).filter(isCloseCodeOnWire);
    const expected = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014];
    for (let code = 3000; code <= 4999; code++) expected.push(code);
    expect(allowed).toEqual(expected);
  });

  it('[FR-21.1] [FR-21.3] the table lists each close code once and marks those that are never sent', () => {
    expect(new Set(CLOSE_CODES.map(({ code }) => code)).size).toBe(CLOSE_CODES.length);
    for (const { code, meaning } of CLOSE_CODES)
      expect(isCloseCodeOnWire(code)).toBe(!meaning.includes('never on the wire'));
  });

  it('[FR-21.2] each close code states whether the client reconnects', () => {
    expect([1000, 1003, 1008, 1009, 1010, 3000, 4000, 4499].map(reconnectsAfter)).toEqual(new Array(8).fill(false));
    expect([1001, 1005, 1006, 1011, 1012, 1013, 4500, 4999].map(reconnectsAfter)).toEqual(new Array(8).fill(true));
  });
});
