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

/** Watches the files and records the callbacks in order. */
function watch(options: { readonly settleMs?: number; readonly lookMs?: number } = {}): {
  readonly pairs: TlsPair[];
  readonly errors: string[];
} {
  const recorded = { pairs: [] as TlsPair[], errors: [] as string[] };
  stop = watchTlsFiles(paths, {
    onChange: (pair) => void recorded.pairs.push(pair),
    onUnusable: ({ message }) => void recorded.errors.push(message),
    settleMs: 30,
    ...options,
  });
  return recorded;
}

const certOf = (pair: TlsPair | undefined): string => String(pair?.cert);
const deadline = { timeout: 10_000, interval: 10 };

test('reads both files, or names the faulty one in one line', () => {
  expect(certOf(readTlsFiles(paths))).toBe(first.cert);
  const missing = { ...paths, key: join(directory, 'none.pem') };
  expect(() => readTlsFiles(missing)).toThrow(/^EVERYWIRE_TLS_KEY is ".*none\.pem", which cannot be read \(ENOENT\)/);
  writeFileSync(paths.key, second.key);
  expect(() => readTlsFiles(paths)).toThrow(/^EVERYWIRE_TLS_CERT .* and EVERYWIRE_TLS_KEY .*\(.*mismatch.*\)\.$/);
  writeFileSync(paths.cert, 'no PEM\nat all');
  expect(() => readTlsFiles(paths)).toThrow(/^EVERYWIRE_TLS_CERT [^\n]*$/);
});

test('requires both settings or neither', () => {
  const of = (cert: string, key: string): unknown => tlsPathsOf({ EVERYWIRE_TLS_CERT: cert, EVERYWIRE_TLS_KEY: key });
  expect([of('', ''), of('c', 'k')]).toEqual([null, { cert: 'c', key: 'k' }]);
  expect(() => of('c', '')).toThrow(/^EVERYWIRE_TLS_KEY is missing/);
  expect(() => of('', 'k')).toThrow(/^EVERYWIRE_TLS_CERT is missing/);
});

test('detects a key that every user may read', () => {
  expect(isKeyOpenToAll(paths)).toBe(false);
  chmodSync(paths.key, 0o644);
  expect(isKeyOpenToAll(paths)).toBe(true);
});

test('reports an overwritten pair', async () => {
  const recorded = watch();
  write(second);
  await expect.poll(() => certOf(recorded.pairs.at(-1)), deadline).toBe(second.cert);
  expect(recorded.errors).toEqual([]);
});

test('reports replaced files', async () => {
  const recorded = watch();
  for (const [name, text] of Object.entries(second)) {
    writeFileSync(join(directory, `new-${name}`), text);
    renameSync(join(directory, `new-${name}`), paths[name as keyof TlsPaths]);
  }
  await expect.poll(() => certOf(recorded.pairs.at(-1)), deadline).toBe(second.cert);
});

test('reports links with a new target', async () => {
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
  // The system watches the old directory, so only polling detects the change.
  const recorded = watch({ lookMs: 20 });
  point('second');
  await expect.poll(() => certOf(recorded.pairs.at(-1)), deadline).toBe(second.cert);
});

test('reports an unusable pair once, and accepts a later one', async () => {
  const recorded = watch({ lookMs: 20 });
  truncateSync(paths.cert, 100);
  await expect.poll(() => recorded.errors.length, deadline).toBe(1);
  writeFileSync(paths.cert, second.cert);
  await expect.poll(() => recorded.errors.length, deadline).toBe(2);
  expect(recorded.errors[1]).toMatch(/mismatch/);
  expect(recorded.pairs).toEqual([]);
  writeFileSync(paths.key, second.key);
  await expect.poll(() => certOf(recorded.pairs.at(-1)), deadline).toBe(second.cert);
  expect(recorded.errors).toHaveLength(2);
});

test('waits until the files are stable', async () => {
  const recorded = watch({ settleMs: 400 });
  writeFileSync(paths.cert, second.cert.slice(0, 200));
  await new Promise((resolve) => setTimeout(resolve, 20));
  write(second);
  await expect.poll(() => certOf(recorded.pairs.at(-1)), deadline).toBe(second.cert);
  expect([recorded.pairs.length, recorded.errors]).toEqual([1, []]);
});
