import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsPair } from '@everywire/chat-server';
import { createTestAuthority, type TestAuthority, type TestCertificate } from '@everywire/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { isKeyOpenToAll, readTlsFiles, type TlsPaths, tlsPathsOf, watchTlsFiles } from './tls-files.js';

let authority: TestAuthority;
let first: TestCertificate;
let second: TestCertificate;
let paths: TlsPaths;
let directory: string;
let stop = (): void => undefined;

beforeAll(() => {
  authority = createTestAuthority();
  [first, second] = [authority.issue(), authority.issue()];
});
afterAll(() => authority.close());
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-tls-'));
  paths = { cert: join(directory, 'cert.pem'), key: join(directory, 'key.pem') };
  write(first);
});
afterEach(() => {
  stop();
  rmSync(directory, { recursive: true, force: true });
});

function write({ cert, key }: TestCertificate): void {
  writeFileSync(paths.cert, cert);
  writeFileSync(paths.key, key, { mode: 0o600 });
}

/** What the watching said, in order. */
function watch(options: { readonly settleMs?: number; readonly lookMs?: number } = {}): {
  readonly pairs: TlsPair[];
  readonly errors: string[];
} {
  const heard = { pairs: [] as TlsPair[], errors: [] as string[] };
  stop = watchTlsFiles(paths, {
    onChange: (pair) => void heard.pairs.push(pair),
    onUnusable: ({ message }) => void heard.errors.push(message),
    settleMs: 30,
    ...options,
  });
  return heard;
}

const certOf = (pair: TlsPair | undefined): string => String(pair?.cert);
const deadline = { timeout: 10_000, interval: 10 };

test('reads both, or says in one line what is wrong with which', () => {
  expect(certOf(readTlsFiles(paths))).toBe(first.cert);
  const missing = { ...paths, key: join(directory, 'none.pem') };
  expect(() => readTlsFiles(missing)).toThrow(/^EVERYWIRE_TLS_KEY is ".*none\.pem", which cannot be read \(ENOENT\)/);
  writeFileSync(paths.key, second.key);
  expect(() => readTlsFiles(paths)).toThrow(/^EVERYWIRE_TLS_CERT .* and EVERYWIRE_TLS_KEY .*\(.*mismatch.*\)\.$/);
  writeFileSync(paths.cert, 'no PEM\nat all');
  expect(() => readTlsFiles(paths)).toThrow(/^EVERYWIRE_TLS_CERT [^\n]*$/);
});

test('takes both settings or neither', () => {
  const of = (cert: string, key: string): unknown => tlsPathsOf({ EVERYWIRE_TLS_CERT: cert, EVERYWIRE_TLS_KEY: key });
  expect([of('', ''), of('c', 'k')]).toEqual([null, { cert: 'c', key: 'k' }]);
  expect(() => of('c', '')).toThrow(/^EVERYWIRE_TLS_KEY is missing/);
  expect(() => of('', 'k')).toThrow(/^EVERYWIRE_TLS_CERT is missing/);
});

test('knows a key that everybody may read', () => {
  expect(isKeyOpenToAll(paths)).toBe(false);
  chmodSync(paths.key, 0o644);
  expect(isKeyOpenToAll(paths)).toBe(true);
});

test('tells of a pair that was written in the place of the old', async () => {
  const heard = watch();
  write(second);
  await expect.poll(() => certOf(heard.pairs.at(-1)), deadline).toBe(second.cert);
  expect(heard.errors).toEqual([]);
});

test('tells of files that were moved there', async () => {
  const heard = watch();
  for (const [name, text] of Object.entries(second)) {
    writeFileSync(join(directory, `new-${name}`), text);
    renameSync(join(directory, `new-${name}`), paths[name as keyof TlsPaths]);
  }
  await expect.poll(() => certOf(heard.pairs.at(-1)), deadline).toBe(second.cert);
});

test('tells of links that point elsewhere', async () => {
  for (const [version, pair] of Object.entries({ first, second })) {
    mkdirSync(join(directory, version));
    for (const [name, text] of Object.entries(pair)) writeFileSync(join(directory, version, `${name}.pem`), text);
  }
  const point = (version: string): void => {
    symlinkSync(version, join(directory, 'next'));
    renameSync(join(directory, 'next'), join(directory, 'current'));
  };
  point('first');
  paths = { cert: join(directory, 'current/cert.pem'), key: join(directory, 'current/key.pem') };
  // The directory that the system watches is the old one: looking finds it.
  const heard = watch({ lookMs: 20 });
  point('second');
  await expect.poll(() => certOf(heard.pairs.at(-1)), deadline).toBe(second.cert);
});

test('says once what cannot be used, and takes what comes after it', async () => {
  const heard = watch({ lookMs: 20 });
  truncateSync(paths.cert, 100);
  await expect.poll(() => heard.errors.length, deadline).toBe(1);
  writeFileSync(paths.cert, second.cert);
  await expect.poll(() => heard.errors.length, deadline).toBe(2);
  expect(heard.errors[1]).toMatch(/mismatch/);
  expect(heard.pairs).toEqual([]);
  writeFileSync(paths.key, second.key);
  await expect.poll(() => certOf(heard.pairs.at(-1)), deadline).toBe(second.cert);
  expect(heard.errors).toHaveLength(2);
});

test('waits until nothing changes any more', async () => {
  const heard = watch({ settleMs: 400 });
  writeFileSync(paths.cert, second.cert.slice(0, 200));
  await new Promise((resolve) => setTimeout(resolve, 20));
  write(second);
  await expect.poll(() => certOf(heard.pairs.at(-1)), deadline).toBe(second.cert);
  expect([heard.pairs.length, heard.errors]).toEqual([1, []]);
});
