import { createHash } from 'node:crypto';

/**
 * Returns the SHA-256 of an invitation's secret, as 64 hex digits. The secret has 128 random bits, so it needs neither
 * salt nor a slow hash.
 */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
