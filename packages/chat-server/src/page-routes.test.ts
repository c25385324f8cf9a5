import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addPageRoutes } from './page-routes.js';

const directory = mkdtempSync(join(tmpdir(), 'everywire-page-'));
const app = fastify();

beforeAll(async () => {
  mkdirSync(join(directory, 'assets'));
  writeFileSync(join(directory, 'index.html'), '<!doctype html><title>Everywire</title>');
  writeFileSync(join(directory, 'assets', 'main-1a2b3c.js'), 'void 0;');
  writeFileSync(`${directory}-secret`, 'not for others');
  expect(await addPageRoutes(app, directory)).toBe(true);
});

afterAll(async () => {
  await app.close();
  rmSync(directory, { recursive: true });
  rmSync(`${directory}-secret`);
});

test('the page is revalidated each time, and a file with a hash in its name is cached for a year', async () => {
  const page = await app.inject('/');
  expect([page.statusCode, page.headers['content-type'], page.headers['cache-control']]).toEqual([
    200,
    'text/html; charset=utf-8',
    'no-cache',
  ]);
  const script = await app.inject('/assets/main-1a2b3c.js');
  expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable');
});

test.each([
  '/../secret',
  '/..%2f..%2fetc/passwd',
  '/assets/../../etc/passwd',
  '/%2e%2e/etc/passwd',
  '/assets/%00',
  `/..%5csecret`,
  '/.env',
])('the path %s reaches no file', async (path) => {
  const answer = await app.inject(path);
  expect(answer.statusCode).toBeGreaterThanOrEqual(400);
  expect(answer.body).not.toContain('not for others');
  expect(answer.body).not.toContain('root:');
});

test('without a built page the server says how to build it', async () => {
  const bare = fastify();
  expect(await addPageRoutes(bare, join(directory, 'none'))).toBe(false);
  const answer = await bare.inject('/');
  expect([answer.statusCode, answer.body]).toEqual([
    503,
    'The server runs, but the page is not built. Run: npm run build\n',
  ]);
  await bare.close();
});
