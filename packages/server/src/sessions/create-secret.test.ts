import { expect, it } from 'vitest';
import { createSecret } from './create-secret.js';

it('[SN-20.1] createSecret returns 128 random bits each time', () => {
  const secrets = Array.from({ length: 1_000 }, createSecret);
  expect(new Set(secrets).size).toBe(1_000);
  for (const secret of secrets) expect(secret).toMatch(/^[\w-]{22}$/);
  // Each bit of each byte is set in about half of them.
  const bytes = secrets.map((secret) => Buffer.from(secret, 'base64url'));
  for (let bit = 0; bit < 128; bit++) {
    const ones = bytes.filter((one) => ((one[bit >> 3] as number) >> (bit & 7)) & 1).length;
    expect(ones).toBeGreaterThan(350);
    expect(ones).toBeLessThan(650);
  }
});
