import { randomFillSync } from 'node:crypto';

/** Bytes of a secret: 128 bits (SN-20). */
const SECRET_BYTES = 16;
/** Secrets that are drawn by one system call, because a call costs ten times as much as the bytes of one secret. */
const SECRETS_A_CALL = 64;

const pool: Buffer = Buffer.alloc(SECRET_BYTES * SECRETS_A_CALL);
let used: number = pool.length;

/** Returns 16 random bytes as base64url: 22 characters, which the engine stores in one byte each. */
export function createSecret(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const secret = pool.toString('base64url', used, used + SECRET_BYTES);
  // Erase the secret, so that it cannot be read from the pool.
  pool.fill(0, used, used + SECRET_BYTES);
  used += SECRET_BYTES;
  return secret;
}
