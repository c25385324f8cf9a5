import { createHash } from 'node:crypto';

/** SHA-256 of an invitation's secret, 64 hex digits. The secret has 128 random bits, so it needs no salt and no slow hash. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
