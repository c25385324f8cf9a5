import { expect, test } from 'vitest';
import { hashSecret } from './hash-secret.js';

test('[CH-29.1] an invitation is stored by the SHA-256 of its secret', () => {
  const secret = '0123456789abcdef'.repeat(2);
  expect(hashSecret(secret)).toBe('3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9');
  expect(hashSecret(secret)).not.toContain(secret);
});
