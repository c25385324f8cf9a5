import { randomFillSync } from 'node:crypto';

/** 128 bits (SN-20). */
const SECRET_BYTES = 16;
/** One call of the system for so many secrets: a call costs ten times what its bytes cost. */
const SECRETS_A_CALL = 64;

const pool: Buffer = Buffer.alloc(SECRET_BYTES * SECRETS_A_CALL);
let used: number = pool.length;

/** 16 random bytes as base64url: 22 characters, which the engine keeps in one byte each. */
export function createSecret(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const secret = pool.toString('base64url', used, used + SECRET_BYTES);
  // What was given out is nobody's to find here.
  pool.fill(0, used, used + SECRET_BYTES);
  used += SECRET_BYTES;
  return secret;
}
