import { describe, expect, it } from 'vitest';
import { closeCodeOf } from './close-code.js';

const of = (code: string, clean = false): number => closeCodeOf({ clean, code, acknowledged: 0, sent: 0, unknown: 0 });

describe('close code', () => {
  it('is 1000 for a clean end', () => {
    expect(of('closed', true)).toBe(1000);
  });

  it.each([
    ['unauthorized', 4001],
    ['revoked', 4002],
    ['hostile', 4003],
    ['lost', 4500],
    ['expired', 4501],
    ['timeout', 4502],
    ['overflow', 4503],
    ['shutdown', 4504],
  ])('of %s is %i', (code, number) => {
    expect(of(code)).toBe(number);
  });

  it('says of a server that stops what it is, though the end was clean', () => {
    expect(of('shutdown', true)).toBe(4504);
  });

  it('is 4000 for a code of the application', () => {
    expect(of('policy')).toBe(4000);
  });
});
