import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { UserId } from '@everywire/chat';
import { storageCode } from '../storage-code.js';

/** The name of the cookie that authorizes reading files. */
export const FILES_COOKIE = 'everywire_files';

/**
 * The authorization behind a cookie: one of our sign-ins, by the hash of its token, or an externally signed token.
 * Times are in milliseconds since the epoch.
 */
export type FilesGrant =
  | { readonly by: 'sign-in'; readonly tokenHash: string }
  | { readonly by: 'signed'; readonly user: UserId; readonly issuedAt: number; readonly expiresAt: number };

const KEY_BYTES = 32;
const OWNER_ONLY = 0o600;
/** Error codes of `link` on file systems without hard links. Servers cannot share such a file system. */
const withoutLinks: readonly string[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/**
 * Reads the key of the cookie at `path`, or creates it. The key is kept outside the store, so that the store or its
 * backup is not enough to forge a cookie; and on disk, so that the cookies of open pages survive a restart.
 */
export async function openCookieKey(path: string): Promise<Buffer> {
  const kept = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (kept?.length === KEY_BYTES) return kept;
  const made = randomBytes(KEY_BYTES);
  const whole = `${path}.${randomUUID()}`;
  try {
    await writeFile(whole, made, { mode: OWNER_ONLY });
    // A truncated key is unusable. Of servers that start simultaneously, the first one creates the key.
    if (kept !== null) await rm(path, { force: true });
    await link(whole, path).catch((error: NodeJS.ErrnoException) => {
      if (!withoutLinks.includes(error.code ?? '')) throw error;
      return rename(whole, path);
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return readFile(path);
    // If the disk is full, the server still starts, so that users can read. Its cookies are then valid until the next
    // start.
    if (storageCode(error) !== 'full') throw error;
  } finally {
    await rm(whole, { force: true });
  }
  return made;
}

/**
 * Returns the value of the cookie: the grant and its HMAC-SHA-256. It cannot be forged without the key, and no token
 * can be derived from it.
 */
export function sealGrant(grant: FilesGrant, key: Buffer): string {
  const text = grant.by === 'sign-in' ? `o.${grant.tokenHash}` : `s.${grant.user}.${grant.issuedAt}.${grant.expiresAt}`;
  return `${text}.${macOf(text, key)}`;
}

const ownPattern = /^o\.([A-Za-z0-9_-]{43})$/;
const signedPattern = /^s\.(\d{1,16})\.(\d{1,16})\.(\d{1,16})$/;

/** Returns the grant of a cookie sealed with this key; `null` for any other value. */
export function openGrant(value: string, key: Buffer): FilesGrant | null {
  const end = value.lastIndexOf('.');
  const text = value.slice(0, Math.max(end, 0));
  const [given, wanted] = [Buffer.from(value.slice(end + 1)), Buffer.from(macOf(text, key))];
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
  const [, tokenHash] = ownPattern.exec(text) ?? [];
  if (tokenHash !== undefined) return { by: 'sign-in', tokenHash };
  const [, user, issuedAt, expiresAt] = signedPattern.exec(text) ?? [];
  if (user === undefined) return null;
  return { by: 'signed', user: Number(user), issuedAt: Number(issuedAt), expiresAt: Number(expiresAt) };
}

function macOf(text: string, key: Buffer): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}
