import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectoryFiles } from '@everywire/files-directory';
import { SignJWT } from 'jose';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type TestPerson, TestPlace } from './test-place.js';

/* Requests whose body or answer is in flight when their user's access ends are cut, like sessions. */

let directory: string;
let place: TestPlace;
let root: TestPerson;
let ann: TestPerson;
const sockets: Socket[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'everywire-lasting-'));
  place = await TestPlace.start({ filesDirectory: directory });
  root = await place.setUp();
  ann = await place.register('ann');
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await place.stop();
  await rm(directory, { recursive: true });
});

/** A request whose body is sent slowly. */
interface Dripping {
  /** The whole answer, once the connection is closed. */
  readonly closed: Promise<string>;
  readonly send: (bytes: string) => void;
  readonly isOpen: () => boolean;
}

/** Sends a head that announces a body, and the first bytes of it. Resolves when the server has the head. */
async function drip(head: readonly string[], first: string): Promise<Dripping> {
  const arrived = once(place.server.http, 'request');
  const socket = connect(Number(new URL(place.url).port), '127.0.0.1');
  sockets.push(socket);
  let answered = '';
  socket.on('data', (bytes) => {
    answered += bytes.toString('latin1');
  });
  // The server resets the connection.
  socket.on('error', () => undefined);
  socket.write(`${[...head, 'Host: localhost'].join('\r\n')}\r\n\r\n${first}`);
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(answered)));
  await arrived;
  return { closed, send: (bytes) => void socket.write(bytes), isOpen: () => !socket.destroyed };
}

/** Begins an upload of this many bytes and returns its path. */
async function beginUpload(person: TestPerson, length: number): Promise<string> {
  const headers = { authorization: `Bearer ${person.token}`, 'tus-resumable': '1.0.0', 'upload-length': `${length}` };
  const answer = await fetch(`${place.url}/api/files/uploads`, { method: 'POST', headers });
  return answer.headers.get('location') ?? '';
}

/** The head of a request that sends a part of an upload. */
const patch = (path: string, person: TestPerson): readonly string[] => [
  ...[`PATCH ${path} HTTP/1.1`, `Authorization: Bearer ${person.token}`, 'Tus-Resumable: 1.0.0', 'Upload-Offset: 0'],
  ...['Content-Type: application/offset+octet-stream', 'Content-Length: 1000'],
];

/** The head of a request that changes the profile. */
const profile = (person: TestPerson): readonly string[] => [
  ...['PATCH /api/me HTTP/1.1', `Authorization: Bearer ${person.token}`],
  ...['Content-Type: application/json', 'Content-Length: 1000'],
];

/** Returns the number of unfinished uploads on the disk. */
const uploadsOnDisk = async (): Promise<number> =>
  (await readdir(join(directory, 'uploads'))).filter((name) => /^[0-9a-f]{32}$/.test(name)).length;

/** All ways in which a user's access ends. */
const ends: readonly { readonly what: string; readonly end: () => Promise<Response> }[] = [
  {
    what: 'an administrator suspends the account',
    end: () => place.rest('POST', `/api/people/${ann.id}/suspend`, undefined, root.token),
  },
  {
    what: 'an administrator signs the person out',
    end: () => place.rest('POST', `/api/people/${ann.id}/sign-out`, undefined, root.token),
  },
  {
    what: 'an administrator deletes the account',
    end: () => place.rest('DELETE', `/api/people/${ann.id}?texts=keep`, undefined, root.token),
  },
  {
    what: 'the person signs out',
    end: () => place.rest('POST', '/api/logout', undefined, ann.token),
  },
];

test.each(ends)(
  'an upload and the body of a request are cut when $what, and nothing of the upload is kept',
  async ({ end }) => {
    const path = await beginUpload(ann, 1_000);
    const uploading = await drip(patch(path, ann), 'x'.repeat(500));
    const changing = await drip(profile(ann), '{');
    const other = await drip(profile(root), '{');
    expect(await uploadsOnDisk()).toBe(1);
    const answer = await end();
    expect(answer.ok).toBe(true);
    await Promise.all([uploading.closed, changing.closed]);
    uploading.send('y'.repeat(500));
    await vi.waitFor(async () => expect(await uploadsOnDisk()).toBe(0), { timeout: 20_000 });
    expect(other.isOpen()).toBe(true);
  },
);

test('requests by a percent-encoded path are cut too, and their answers are not cached', async () => {
  const path = await beginUpload(ann, 1_000);
  const uploading = await drip(patch(path.replace('/api/', '/%61pi/'), ann), 'x'.repeat(500));
  const changing = await drip([profile(ann)[0]?.replace('/api/', '/ap%69/') ?? '', ...profile(ann).slice(1)], '{');
  const me = await fetch(`${place.url}/%61pi/me`, { headers: { authorization: `Bearer ${ann.token}` } });
  expect([me.status, me.headers.get('cache-control')]).toEqual([200, 'no-store']);
  await place.rest('POST', `/api/people/${ann.id}/suspend`, undefined, root.token);
  await Promise.all([uploading.closed, changing.closed]);
  await vi.waitFor(async () => expect(await uploadsOnDisk()).toBe(0), { timeout: 20_000 });
});

test('requests by another sign-in of the user continue after a sign-out on this device', async () => {
  const login = await place.rest('POST', '/api/login', { name: 'ann', password: 'correct horse' });
  const { token } = (await login.json()) as { readonly token: string };
  const path = await beginUpload({ ...ann, token }, 1_000);
  const other = await drip(patch(path, { ...ann, token }), 'x'.repeat(500));
  const here = await drip(profile(ann), '{');
  await place.rest('POST', '/api/logout', undefined, ann.token);
  await here.closed;
  other.send('y'.repeat(500));
  other.send('GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  expect(await other.closed).toMatch(/^HTTP\/1\.1 204 /);
  const headers = { authorization: `Bearer ${token}`, 'tus-resumable': '1.0.0' };
  const progress = await fetch(place.url + path, { method: 'HEAD', headers });
  expect(progress.headers.get('upload-offset')).toBe('1000');
});

/** Uploads a file so large that no reader can have received all of it. */
async function uploadFile(person: TestPerson): Promise<string> {
  const size = 16_000_000;
  const path = await beginUpload(person, size);
  const headers = { authorization: `Bearer ${person.token}`, 'tus-resumable': '1.0.0', 'upload-offset': '0' };
  const type = { 'content-type': 'application/offset+octet-stream' };
  await fetch(place.url + path, { method: 'PATCH', headers: { ...headers, ...type }, body: Buffer.alloc(size) });
  const file = path.replace('/uploads', '');
  expect((await place.rest('POST', file, undefined, person.token)).status).toBe(200);
  return place.url + file;
}

test('a download that a suspended user has not finished is cut', async () => {
  const reading = await fetch(await uploadFile(ann), { headers: { authorization: `Bearer ${ann.token}` } });
  expect(reading.status).toBe(200);
  await place.rest('POST', `/api/people/${ann.id}/suspend`, undefined, root.token);
  await expect(reading.arrayBuffer()).rejects.toThrow('terminated');
});

test('a download by token or cookie is cut when its device is signed out', async () => {
  const file = await uploadFile(ann);
  const login = await place.rest('POST', '/api/login', { name: 'ann', password: 'correct horse' });
  const { token } = (await login.json()) as { readonly token: string };
  const admitted = await place.rest('POST', '/api/files/cookie', undefined, token);
  const cookie = admitted.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const read = (headers: Record<string, string>) => fetch(file, { headers });
  const [byToken, byCookie] = [await read({ authorization: `Bearer ${token}` }), await read({ cookie })];
  const elsewhere = await read({ authorization: `Bearer ${ann.token}` });
  await place.rest('DELETE', '/api/devices', undefined, ann.token);
  await expect(byToken.arrayBuffer()).rejects.toThrow('terminated');
  await expect(byCookie.arrayBuffer()).rejects.toThrow('terminated');
  expect((await elsewhere.arrayBuffer()).byteLength).toBe(16_000_000);
});

test('uploads and downloads by a signed token continue through checks of the store until the user signs out everywhere', async () => {
  await place.stop();
  const text = 's'.repeat(32);
  const of = { issuer: 'https://host.example.org', audience: 'chat' };
  const jwt = { algorithm: 'HS256', ...of, key: { kind: 'secret', text } } as const;
  await DirectoryFiles.disown(join(directory, 'files'));
  place = await TestPlace.start({ filesDirectory: directory, jwt, limits: { credentialUseMs: 50 } });
  const sign = new SignJWT({ name: 'bob' }).setProtectedHeader({ alg: 'HS256' }).setIssuer(of.issuer);
  const token = await sign
    .setAudience(of.audience)
    .setSubject('bob')
    .setIssuedAt()
    .setExpirationTime('10m')
    .sign(Buffer.from(text));
  const bob: TestPerson = { id: 0, name: 'bob', token };
  const file = await uploadFile(bob);
  // Checks cover only people with sessions.
  const session = await place.connect(bob);
  const admitted = await place.rest('POST', '/api/files/cookie', undefined, token);
  const cookie = admitted.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const uploading = await drip(patch(await beginUpload(bob, 1_000), bob), 'x'.repeat(500));
  const reading = await fetch(file, { headers: { cookie } });
  const checks = vi.spyOn(place.store, 'privateDetails');
  await vi.waitFor(() => expect(checks.mock.calls.length).toBeGreaterThan(1), { timeout: 20_000 });
  expect([uploading.isOpen(), (await place.rest('GET', '/api/me', undefined, token)).status]).toEqual([true, 200]);
  await place.rest('POST', '/api/logout', { everywhere: true }, token);
  await uploading.closed;
  await expect(reading.arrayBuffer()).rejects.toThrow('terminated');
  expect(await session.closed).toBe('revoked');
});
