import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { UserId } from '@everywire/chat';
import { storageCode } from '../storage-code.js';

/** The name of the cookie that reads files. */
export const filesCookie = 'everywire_files';

/** By what the cookie was given: a sign-in of ours, by the hash of its token, or a token that somebody else signed. Times in milliseconds since the epoch. */
export type FilesGrant =
  | { readonly by: 'sign-in'; readonly tokenHash: string }
  | { readonly by: 'signed'; readonly user: UserId; readonly issuedAt: number; readonly expiresAt: number };

const keyBytes = 32;
const ownerOnly = 0o600;
/** What file systems say that have no links; nobody shares one of them. */
const withoutLinks: readonly string[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/**
 * Reads the key of the cookie at `path`, and makes one where there is none. It lies outside the store, so what the store or a backup of it holds is not
 * enough to make a cookie; and on the disk, so a restart keeps the cookies of open pages.
 */
export async function openCookieKey(path: string): Promise<Buffer> {
  const kept = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (kept?.length === keyBytes) return kept;
  const made = randomBytes(keyBytes);
  const whole = `${path}.${randomUUID()}`;
  try {
    await writeFile(whole, made, { mode: ownerOnly });
    // One that is too short is nobody's. Of servers that start at the same moment the first one makes it.
    if (kept !== null) await rm(path, { force: true });
    await link(whole, path).catch((error: NodeJS.ErrnoException) => {
      if (!withoutLinks.includes(error.code ?? '')) throw error;
      return rename(whole, path);
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return readFile(path);
    // On a full disk the server starts, to be read from; its cookies then last until the next start.
    if (storageCode(error) !== 'full') throw error;
  } finally {
    await rm(whole, { force: true });
  }
  return made;
}

/** The value of the cookie: the grant and its HMAC-SHA-256. Nobody without the key can make one, and no token can be made of it. */
export function sealGrant(grant: FilesGrant, key: Buffer): string {
  const text = grant.by === 'sign-in' ? `o.${grant.tokenHash}` : `s.${grant.user}.${grant.issuedAt}.${grant.expiresAt}`;
  return `${text}.${macOf(text, key)}`;
}

const ownPattern = /^o\.([A-Za-z0-9_-]{43})$/;
const signedPattern = /^s\.(\d{1,16})\.(\d{1,16})\.(\d{1,16})$/;

/** The grant of a value that was sealed with this key; `null` for any other. */
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
