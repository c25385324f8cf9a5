import { createHash, randomBytes } from 'node:crypto';

const prefix = 'ewl_';

/** 256 random bits for a link. They stand in the fragment of its address, which no browser sends and no log sees; only the hash is kept. */
export function mintLinkSecret(): string {
  return prefix + randomBytes(32).toString('base64url');
}

export function hashLinkSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
