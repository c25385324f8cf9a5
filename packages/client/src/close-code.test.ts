import { describe, expect, it } from 'vitest';
import { closeCodeOf } from './close-code.js';

const of = (code: string, clean = false): number => closeCodeOf({ clean, code, acknowledged: 0, sent: 0, unknown: 0 });

describe('close code', () => {
  it('the close code of a clean end is 1000', () => {
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
  ])('the close code of %s is %i', (code, number) => {
    expect(of(code)).toBe(number);
  });

  it('the close code of a stopping server is its own, although the end was clean', () => {
    expect(of('shutdown', true)).toBe(4504);
  });

  it('the close code of an application’s code is 4000', () => {
    expect(of('policy')).toBe(4000);
  });
});
