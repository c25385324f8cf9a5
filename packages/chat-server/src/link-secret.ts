import { createHash, randomBytes } from 'node:crypto';

const PREFIX = 'ewl_';

/**
 * Returns a new secret of 256 random bits for a link. It is in the fragment of the address, which browsers do not send
 * and logs do not contain; only the hash is stored.
 */
export function mintLinkSecret(): string {
  return PREFIX + randomBytes(32).toString('base64url');
}

/** Returns the SHA-256 under which a link's secret is stored. */
export function hashLinkSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
