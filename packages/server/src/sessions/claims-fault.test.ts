import { describe, expect, it } from 'vitest';
import { claimsFault } from './claims-fault.js';

// Tests `claimsFault`, which describes a programming error in what `authenticate` of the application returned, or
// returns `null` if there is none.

describe('claimsFault', () => {
  it.each([
    [{ subject: 'ann', expiresAt: 1_795_278_400 }, 'expiresAt 1795278400 is in 1970: milliseconds?'],
    [{ subject: 'ann', expiresAt: '1795278400000' }, 'expiresAt is String, not milliseconds since the epoch'],
    [{ subject: 'ann', expiresAt: new Date() }, 'expiresAt is Date, not milliseconds since the epoch'],
    [{ subject: 'ann', expiresAt: Number.NaN }, 'expiresAt is Number, not milliseconds since the epoch'],
    [{}, 'subject is Undefined, not a string'],
    [{ sub: 'ann' }, 'subject is Undefined, not a string'],
    [{ subject: 7 }, 'subject is Number, not a string'],
    [{ subject: 'ann', credential: 7 }, 'credential is Number, not a string'],
    [{ subject: 'ann', recorded: 'yes' }, 'recorded is String, not a boolean'],
    [true, 'claims are Boolean, not an object'],
    ['ann', 'claims are String, not an object'],
    [undefined, 'claims are Undefined, not an object'],
  ])('claimsFault reports that %o is invalid', (claims, fault) => {
    expect(claimsFault(claims)).toBe(fault);
  });

  it.each([
    [{ subject: '' }],
    [{ subject: 'ann', role: 'editor' }],
    [{ subject: 'ann', credential: 'c', recorded: true, expiresAt: 1_795_278_400_000 }],
    // Expired claims are not a programming error.
    [{ subject: 'ann', expiresAt: 1_600_000_000_000 }],
    [{ subject: 'ann', expiresAt: 0 }],
  ])('claimsFault accepts %o', (claims) => {
    expect(claimsFault(claims)).toBeNull();
  });
});
