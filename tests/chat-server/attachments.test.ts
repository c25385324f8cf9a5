import { createHash } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileRef } from '@everywire/chat';
import sharp from 'sharp';
import { Upload } from 'tus-js-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type TestPerson, TestPlace, type TestPlaceOptions } from './test-place.js';
import type { TestSession } from './test-session.js';

let directory: string;
let place: TestPlace;
let ada: TestPerson;
let bob: TestPerson;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'everywire-attachments-'));
});
afterEach(async () => {
  await place.stop();
  await rm(directory, { recursive: true });
});

async function start(options: TestPlaceOptions = {}): Promise<void> {
  place = await TestPlace.start({ filesDirectory: directory, ...options });
  [ada, bob] = [await place.register('ada'), await place.register('bob')];
}

/** Options of an upload. `chunkSize` is in bytes. */
interface UploadOptions {
  readonly name?: string;
  readonly type?: string;
  readonly chunkSize?: number;
}

/** Uploads with a third-party tus client and returns the file's id. */
function upload(
  person: TestPerson,
  bytes: Buffer,
  { name = 'a.bin', type = '', chunkSize = 1e6 }: UploadOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const sending = new Upload(bytes, {
      endpoint: `${place.url}/api/files/uploads`,
      headers: { authorization: `Bearer ${person.token}` },
      metadata: { filename: name, filetype: type },
      chunkSize,
      retryDelays: null,
      onError: reject,
      onSuccess: () => resolve(sending.url?.split('/').at(-1) ?? ''),
    });
    sending.start();
  });
}

const finish = (person: TestPerson, id: string) => place.rest('POST', `/api/files/${id}`, undefined, person.token);
const get = (person: TestPerson, path: string, headers: Record<string, string> = {}) =>
  fetch(`${place.url}/api/files/${path}`, { headers: { authorization: `Bearer ${person.token}`, ...headers } });

/** Uploads a file completely and returns its description. */
async function uploadWhole(person: TestPerson, bytes: Buffer, options?: UploadOptions): Promise<FileRef> {
  const answer = await finish(person, await upload(person, bytes, options));
  expect(answer.status).toBe(200);
  return (await answer.json()) as FileRef;
}

async function talk(): Promise<{ a: TestSession; b: TestSession; conversation: number }> {
  const [a, b] = [await place.connect(ada), await place.connect(bob)];
  const { conversation } = await a.ok({ command: 'createDirect', peer: bob.id });
  return { a, b, conversation };
}

const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#2a6' } })
    .png()
    .toBuffer();

describe('attachments', () => {
  test('a picture is uploaded in pieces, sent with a message, and downloaded by those who can see the message', async () => {
    await start();
    const bytes = await sharp(
      await sharp({
        create: {
          width: 900,
          height: 600,
          channels: 3,
          noise: { type: 'gaussian', mean: 128, sigma: 30 },
          background: '#000',
        },
      })
        .png()
        .toBuffer(),
    )
      .png()
      .toBuffer();
    const ref = await uploadWhole(ada, bytes, { name: '../../潮汐表.png', type: 'text/html', chunkSize: 100_000 });
    expect(ref).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      ...{ name: '潮汐表.png', kind: 'image', type: 'image/png', size: bytes.length },
      picture: { width: 900, height: 600, placeholder: expect.any(String) },
    });
    expect((await get(bob, ref.id)).status).toBe(404);
    const { a, b, conversation } = await talk();
    const sent = await a.ok({ command: 'send', conversation, text: '', files: [ref.id] });
    expect(sent.files).toEqual([ref]);
    const event = await b.event('commit', ({ row }) => row?.body.kind === 'text');
    expect(event.row?.body).toEqual({ kind: 'text', text: '', files: [ref] });
    const whole = await get(bob, ref.id);
    expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true);
    expect(whole.headers.get('content-type')).toBe('image/png');
    const preview = await sharp(Buffer.from(await (await get(bob, `${ref.id}/preview`)).arrayBuffer())).metadata();
    expect(preview).toMatchObject({ format: 'webp', width: 720, height: 480 });
  });

  test('an interrupted upload resumes from the bytes received, and is finished once', async () => {
    await start();
    const bytes = Buffer.alloc(300_000, 'everywire ');
    const created = await fetch(`${place.url}/api/files/uploads`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ada.token}`, 'tus-resumable': '1.0.0', 'upload-length': `${bytes.length}` },
    });
    const path = created.headers.get('location') ?? '';
    expect(created.status).toBe(201);
    const id = path.split('/').at(-1) ?? '';
    const onDisk = async () => (await stat(join(directory, 'uploads', id))).size;
    const hangUp = await beginPatch(path, ada.token, bytes.subarray(0, 120_000));
    await expect.poll(onDisk, { timeout: 10_000 }).toBeGreaterThan(0);
    await hangUp();
    const head = () =>
      fetch(place.url + path, {
        method: 'HEAD',
        headers: { authorization: `Bearer ${ada.token}`, 'tus-resumable': '1.0.0' },
      });
    const offsetNow = async () => Number((await head()).headers.get('upload-offset'));
    const offset = await offsetNow();
    expect(offset).toBeGreaterThan(0);
    expect(offset).toBeLessThanOrEqual(120_000);
    expect(await (await finish(ada, id)).json()).toMatchObject({ code: 'upload_unfinished', retryable: true });
    const rest = await fetch(place.url + path, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${ada.token}`,
        ...{
          'tus-resumable': '1.0.0',
          'upload-offset': `${offset}`,
          'content-type': 'application/offset+octet-stream',
        },
      },
      body: bytes.subarray(offset),
    });
    expect(rest.status).toBe(204);
    const [first, again] = await Promise.all([finish(ada, id), finish(ada, id)]);
    expect(await first.json()).toEqual(await again.json());
    expect(Buffer.from(await (await get(ada, id)).arrayBuffer()).equals(bytes)).toBe(true);
    await expect(stat(join(directory, 'uploads', id))).rejects.toThrow('ENOENT');
  });

  test('ranges and conditional requests are answered, and missing or invalid files are refused', async () => {
    await start();
    const { id } = await uploadWhole(ada, Buffer.from('0123456789'), { name: 'ten.txt' });
    const part = await get(ada, id, { range: 'bytes=2-4' });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 2-4/10', '234']);
    const tail = await get(ada, id, { range: 'bytes=-2', 'if-range': part.headers.get('etag') ?? '' });
    expect(await tail.text()).toBe('89');
    expect((await get(ada, id, { range: 'bytes=2-4', 'if-range': '"other"' })).status).toBe(200);
    const beyond = await get(ada, id, { range: 'bytes=10-' });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */10']);
    expect((await get(ada, id, { 'if-none-match': part.headers.get('etag') ?? '' })).status).toBe(304);
    expect((await get(ada, `${id}/preview`)).status).toBe(404);
    expect((await get(ada, 'f'.repeat(32))).status).toBe(404);
    expect((await get(ada, '..%2f..%2fetc')).status).toBe(400);
    expect((await fetch(`${place.url}/api/files/${id}`)).status).toBe(401);
  });

  test('[U2] a file that a browser could execute is only offered for download, inert, whatever its name', async () => {
    await start();
    const html = Buffer.from('<html><script>parent.hit=1</script>');
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>');
    const polyglot = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), html]);
    for (const bytes of [html, svg, polyglot]) {
      const ref = await uploadWhole(ada, bytes, { name: 'photo"\r\n.png', type: 'image/png' });
      expect(ref).toMatchObject({ kind: 'file', type: 'application/octet-stream' });
      const { headers } = await get(ada, ref.id);
      expect(headers.get('content-disposition')).toBe(
        `attachment; filename="photo_.png"; filename*=UTF-8''photo%22.png`,
      );
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toBe('private, no-cache');
    }
  });

  test('[A8] only its owner can continue or delete an upload', async () => {
    await start();
    const id = await upload(ada, Buffer.from('hers'));
    const headers = { authorization: `Bearer ${bob.token}`, 'tus-resumable': '1.0.0' };
    const path = `${place.url}/api/files/uploads/${id}`;
    for (const method of ['HEAD', 'DELETE']) expect((await fetch(path, { method, headers })).status).toBe(404);
    const patch = { ...headers, 'upload-offset': '4', 'content-type': 'application/offset+octet-stream' };
    expect((await fetch(path, { method: 'PATCH', headers: patch, body: 'x' })).status).toBe(404);
    expect((await finish(bob, id)).status).toBe(404);
    expect((await finish(ada, id)).status).toBe(200);
    const { b, conversation } = await talk();
    expect(await b.code({ command: 'send', conversation, text: 'mine?', files: [id] })).toBe('not_found');
    expect((await fetch(path, { method: 'HEAD' })).status).toBe(401);
  });

  test('[U8] a file that is too large, or exceeds the quota, is refused with a code before a byte is sent', async () => {
    await start({ attachmentLimits: { fileBytesMax: 1_000, userFileBytesMax: 1_500, fileChargeBytesMin: 1 } });
    const announce = (length: number | string) =>
      place.rest('POST', '/api/files/uploads', undefined, ada.token).then(() =>
        fetch(`${place.url}/api/files/uploads`, {
          method: 'POST',
          headers: { authorization: `Bearer ${ada.token}`, 'tus-resumable': '1.0.0', 'upload-length': `${length}` },
        }),
      );
    const large = await announce(1_001);
    expect([large.status, await large.json()]).toMatchObject([413, { code: 'too_long' }]);
    expect((await announce(1_000)).status).toBe(201);
    const over = await announce(501);
    expect([over.status, await over.json()]).toMatchObject([413, { code: 'quota_exceeded', retryable: false }]);
    expect((await announce(500)).status).toBe(201);
    for (const wrong of ['-1', 'x', '1e3']) expect((await announce(wrong)).status, wrong).toBe(400);
  });

  test('[A7] a cookie reads files and does nothing else, for as long as the sign-in lasts', async () => {
    await start();
    const { id } = await uploadWhole(ada, Buffer.from('0123456789'));
    const given = await place.rest('POST', '/api/files/cookie', undefined, ada.token);
    const [cookie = '', ...rules] = (given.headers.get('set-cookie') ?? '').split('; ');
    expect(rules.sort()).toEqual(['HttpOnly', 'Path=/api/files', 'SameSite=Strict']);
    const withCookie = (path: string, method = 'GET', value = cookie) =>
      fetch(place.url + path, { method, headers: { cookie: value, 'tus-resumable': '1.0.0', 'upload-length': '1' } });
    expect(await (await withCookie(`/api/files/${id}`)).text()).toBe('0123456789');
    expect((await withCookie(`/api/files/${id}`, 'POST')).status).toBe(401);
    expect((await withCookie('/api/files/uploads', 'POST')).status).toBe(401);
    expect((await withCookie('/api/me')).status).toBe(401);
    expect((await place.rest('GET', '/api/me', undefined, cookie.split('=')[1])).status).toBe(401);
    const stored = createHash('sha256').update(ada.token).digest('base64url');
    const [, hash, seal] = (cookie.split('=')[1] ?? '').split('.');
    expect(hash).toBe(stored);
    // The hash of the sign-in that the store holds must not work as a cookie.
    for (const wrong of [
      '',
      'x',
      'A'.repeat(43),
      stored,
      `o.${stored}`,
      `o.${stored}.${seal?.slice(1)}`,
      `s.${seal}`,
    ]) {
      expect((await withCookie(`/api/files/${id}`, 'GET', `everywire_files=${wrong}`)).status).toBe(401);
    }
    await place.rest('POST', '/api/logout', undefined, ada.token);
    expect((await withCookie(`/api/files/${id}`)).status).toBe(401);
  });

  test('[U10] a removed member can no longer download the file', async () => {
    await start();
    const { a, conversation } = await talk();
    const { conversation: group } = await a.ok({ command: 'createGroup', name: 'group', users: [bob.id] });
    const ref = await uploadWhole(ada, await picture(40, 30), { name: 'a.png' });
    await a.ok({ command: 'send', conversation: group, text: 'look', files: [ref.id] });
    expect((await get(bob, ref.id)).status).toBe(200);
    const tag = (await get(bob, ref.id)).headers.get('etag') ?? '';
    await a.ok({ command: 'remove', conversation: group, user: bob.id });
    expect((await get(bob, ref.id, { 'if-none-match': tag })).status).toBe(404);
    expect((await get(bob, `${ref.id}/preview`)).status).toBe(404);
    expect(conversation).not.toBe(group);
  });
});

/** Begins a PATCH that announces more bytes than it sends. Resolves with a function that closes the connection early. */
function beginPatch(path: string, token: string, part: Buffer): Promise<() => Promise<void>> {
  const { port } = new URL(place.url);
  const head = [
    `PATCH ${path} HTTP/1.1`,
    'Host: localhost',
    `Authorization: Bearer ${token}`,
    'Tus-Resumable: 1.0.0',
    'Upload-Offset: 0',
    'Content-Type: application/offset+octet-stream',
    'Content-Length: 300000',
  ];
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write(`${head.join('\r\n')}\r\n\r\n`);
      const closed = new Promise<void>((done) => socket.on('close', () => done()));
      const hangUp = (): Promise<void> => {
        socket.end();
        return closed;
      };
      socket.write(part, () => resolve(hangUp));
    });
    socket.on('error', reject);
    socket.resume();
  });
}
