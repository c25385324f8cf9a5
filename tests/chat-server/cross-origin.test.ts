import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { TestPlace } from './test-place.js';

/* Applies the rules of fetch by hand: the preflight of an embedding page, and what that page may read. */

const origin = 'https://page.example';
let place: TestPlace;
let directory: string;
afterEach(async () => {
  await place.stop();
  await rm(directory, { recursive: true });
});

/** Sends a request as a page of another origin. Fails if a browser would not let the page read the answer. */
async function asPage(path: string, init: RequestInit & { method: string }): Promise<Response> {
  const headers = { ...(init.headers as Record<string, string>), origin };
  const preflight = await fetch(place.url + path, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': init.method },
  });
  const listed = (name: string): readonly string[] =>
    (preflight.headers.get(`access-control-allow-${name}`) ?? '').toLowerCase().split(', ');
  expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
  if (init.method !== 'HEAD') expect(listed('methods')).toContain(init.method.toLowerCase());
  expect(listed('headers')).toEqual(
    expect.arrayContaining(Object.keys(init.headers ?? {}).map((name) => name.toLowerCase())),
  );
  const answer = await fetch(place.url + path, { ...init, headers });
  expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
  return answer;
}

/** Returns a header if the page may read it; `null` otherwise. */
const readable = (answer: Response, name: string): string | null => {
  const exposed = (answer.headers.get('access-control-expose-headers') ?? '').toLowerCase().split(', ');
  return exposed.includes(name) ? answer.headers.get(name) : null;
};

test("a page of an allowed origin uploads a file in two parts and sets it as its user's picture", async () => {
  directory = await mkdtemp(join(tmpdir(), 'everywire-cross-origin-'));
  place = await TestPlace.start({ wire: { origins: [origin] }, filesDirectory: directory });
  const { token } = await place.register('ann');
  const own = { authorization: `Bearer ${token}` };
  const tus = { ...own, 'tus-resumable': '1.0.0' };
  const bytes = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );

  const made = await asPage('/api/files/uploads', {
    method: 'POST',
    headers: { ...tus, 'upload-length': String(bytes.length), 'upload-metadata': `filename ${btoa('dot.png')}` },
  });
  const path = readable(made, 'location') ?? '';
  expect(path).not.toBe('');
  const send = (from: number, to: number) =>
    asPage(path, {
      method: 'PATCH',
      headers: { ...tus, 'upload-offset': String(from), 'content-type': 'application/offset+octet-stream' },
      body: bytes.subarray(from, to),
    });
  await send(0, 30);
  const asked = await asPage(path, { method: 'HEAD', headers: tus });
  expect([readable(asked, 'upload-offset'), readable(asked, 'upload-length')]).toEqual(['30', String(bytes.length)]);
  await send(30, bytes.length);

  const id = path.split('/').at(-1);
  const json = { ...own, 'content-type': 'application/json' };
  const finished = await asPage(`/api/files/${id}`, { method: 'POST', headers: own });
  expect(finished.status).toBe(200);
  const put = await asPage('/api/me/avatar', { method: 'PUT', headers: json, body: JSON.stringify({ file: id }) });
  expect(put.status).toBe(200);
  expect((await asPage('/api/me/avatar', { method: 'DELETE', headers: own })).status).toBe(200);
});
