import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type FilesGrant, openCookieKey, openGrant, sealGrant } from './files-cookie.js';

// Tests the cookie that lets a browser load files. It holds a grant (one of our sign-ins, or a token signed by a host
// application) and a signature with a key of the server.

const directory = mkdtempSync(join(tmpdir(), 'everywire-cookie-'));
afterAll(() => rmSync(directory, { recursive: true }));

const grants: readonly FilesGrant[] = [
  { by: 'sign-in', tokenHash: `${'a-'.repeat(21)}_` },
  { by: 'signed', user: 42, issuedAt: 1_700_000_000_000, expiresAt: 1_700_000_600_000 },
];

it('the cookie key survives a restart, is readable by its owner alone, and is replaced if truncated', async () => {
  const path = join(directory, 'key');
  const key = await openCookieKey(path);
  expect(key).toHaveLength(32);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(await openCookieKey(path)).toEqual(key);
  writeFileSync(path, key.subarray(0, 5));
  const other = await openCookieKey(path);
  expect(other).toHaveLength(32);
  expect(other).not.toEqual(key);
  expect(await openCookieKey(path)).toEqual(other);
  await expect(openCookieKey(directory)).rejects.toThrow('EISDIR');
});

it('servers that start simultaneously on one directory share one key', async () => {
  for (let time = 0; time < 20; time += 1) {
    const path = join(directory, `shared ${time}`);
    const [one, two] = await Promise.all([openCookieKey(path), openCookieKey(path)]);
    expect(one).toEqual(two);
  }
  expect(readdirSync(directory).filter((name) => !/^(key|shared \d+)$/.test(name))).toEqual([]);
});

it('a sealed grant opens only unchanged and with its own key', async () => {
  const [key, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  for (const grant of grants) {
    const value = sealGrant(grant, key);
    expect(openGrant(value, key)).toEqual(grant);
    expect(openGrant(value, other)).toBeNull();
    for (let at = 0; at < value.length; at += 1) {
      const changed = `${value.slice(0, at)}${value[at] === '1' ? '2' : '1'}${value.slice(at + 1)}`;
      expect(openGrant(changed, key), changed).toBeNull();
    }
  }
  for (const value of ['', '.', 'o', 'o.', 's.1.2.3']) expect(openGrant(value, key)).toBeNull();
});
