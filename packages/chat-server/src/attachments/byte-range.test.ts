import { describe, expect, it } from 'vitest';
import { parseRange } from './byte-range.js';

describe('parseRange', () => {
  it('parseRange reads one range and clamps its end', () => {
    expect(parseRange('bytes=0-0', 10)).toEqual({ first: 0, last: 0 });
    expect(parseRange('bytes=4-', 10)).toEqual({ first: 4, last: 9 });
    expect(parseRange('bytes=4-900', 10)).toEqual({ first: 4, last: 9 });
    expect(parseRange('bytes=-3', 10)).toEqual({ first: 7, last: 9 });
    expect(parseRange('bytes=-30', 10)).toEqual({ first: 0, last: 9 });
  });

  it('parseRange reports a range beyond the size as unsatisfiable', () => {
    expect(parseRange('bytes=10-', 10)).toBe('unsatisfiable');
    expect(parseRange('bytes=-0', 10)).toBe('unsatisfiable');
    expect(parseRange('bytes=0-', 0)).toBe('unsatisfiable');
  });

  it('[H23] parseRange ignores a header of a thousand ranges', () => {
    expect(parseRange(`bytes=${'0-,'.repeat(1_000)}0-`, 10)).toBeNull();
  });

  it('parseRange returns null for headers that it does not support', () => {
    const odd = [
      undefined,
      '',
      'bytes=-',
      'bytes=5-4',
      'bytes=0-1,3-4',
      'items=0-1',
      'bytes=a-b',
      'bytes= 0-1',
      `bytes=${'9'.repeat(400)}-`,
    ];
    for (const header of odd) expect(parseRange(header, 10), header).toBeNull();
  });
});
