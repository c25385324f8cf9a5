import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileRef, type Profile, StoreError } from '@everywire/chat';
import { DirectoryFiles } from '@everywire/files-directory';
import { SignJWT } from 'jose';
import sharp from 'sharp';
import { Upload } from 'tus-js-client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type TestPerson, TestPlace } from './test-place.js';

/*
 * A user's picture is made of an upload, shown to signed-in people, replaced and removed. A group's picture is an
 * upload that its members see.
 */

const secret = 'ab'.repeat(16);
const issuer = 'https://host.example.org';
const jwt = { algorithm: 'HS256', issuer, audience: 'chat', key: { kind: 'secret', text: secret } } as const;

let directory: string;
let place: TestPlace;
let ann: TestPerson;
let bob: TestPerson;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'everywire-avatars-'));
  place = await TestPlace.start({ filesDirectory: directory, jwt });
  [ann, bob] = [await place.register('ann'), await place.register('bob')];
});
afterEach(async () => {
  await place.stop();
  await rm(directory, { recursive: true });
});

/** Uploads a file and returns its id. */
async function uploaded(person: TestPerson, bytes: Buffer): Promise<string> {
  const id = await new Promise<string>((resolve, reject) => {
    const sending = new Upload(bytes, {
      endpoint: `${place.url}/api/files/uploads`,
      headers: { authorization: `Bearer ${person.token}` },
      metadata: { filename: 'me.jpg' },
      chunkSize: 1e6,
      retryDelays: null,
      onError: reject,
      onSuccess: () => resolve(sending.url?.split('/').at(-1) ?? ''),
    });
    sending.start();
  });
  const answer = await place.rest('POST', `/api/files/${id}`, undefined, person.token);
  return ((await answer.json()) as FileRef).id;
}

/** Makes an uploaded file the picture of a user. */
const set = (person: TestPerson, file: string) => place.rest('PUT', '/api/me/avatar', { file }, person.token);
const codeOf = async (answer: Response) => ((await answer.json()) as { readonly code: string }).code;
const avatarOf = async (answer: Response) => ((await answer.json()) as { readonly me: Profile }).me.avatar ?? null;
/** Returns the names of all pictures in the files directory. */
const storedAvatars = async () =>
  (await readdir(join(directory, 'files'), { recursive: true })).filter((name) => name.endsWith('.avatar'));

/** Creates a wide picture with a red middle and blue ends, and with camera and location in its metadata. */
async function photo(): Promise<Buffer> {
  const middle = await sharp({ create: { width: 400, height: 400, channels: 3, background: '#e00' } })
    .png()
    .toBuffer();
  const wide = sharp({ create: { width: 1_200, height: 400, channels: 3, background: '#00e' } });
  const exif = { IFD0: { Model: 'Camera of ann' }, IFD3: { GPSLatitude: '31/1 30/1 0/1' } };
  return wide
    .composite([{ input: middle, left: 400, top: 0 }])
    .withExif(exif)
    .jpeg()
    .toBuffer();
}

test("a user's picture becomes the middle square without camera metadata, and others see it next to the name", async () => {
  const answer = await set(ann, await uploaded(ann, await photo()));
  expect(answer.status).toBe(200);
  const avatar = await avatarOf(answer);
  expect(avatar).toMatch(/^\/api\/files\/avatars\/[0-9a-f]{32}$/);
  const session = await place.connect(bob);
  expect((await session.ok({ command: 'people', ids: [ann.id] })).people).toMatchObject([{ id: ann.id, avatar }]);
  const shown = await place.rest('GET', avatar ?? '', undefined, bob.token);
  expect(Object.fromEntries(shown.headers)).toMatchObject({
    'content-type': 'image/webp',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'private, max-age=86400, immutable',
  });
  const bytes = Buffer.from(await shown.arrayBuffer());
  const { width, height, format, exif } = await sharp(bytes).metadata();
  expect([width, height, format, exif]).toEqual([256, 256, 'webp', undefined]);
  const { dominant } = await sharp(bytes).stats();
  expect(dominant.r).toBeGreaterThan(200);
  expect(dominant.b).toBeLessThan(60);
});

test('a replaced picture gets another address, and the previous file is deleted', async () => {
  const file = await uploaded(ann, await photo());
  const one = await avatarOf(await set(ann, file));
  const two = await avatarOf(await set(ann, file));
  expect(two).not.toBe(one);
  expect(await storedAvatars()).toHaveLength(1);
  expect((await place.rest('GET', one ?? '', undefined, ann.token)).status).toBe(404);
  const removed = await place.rest('DELETE', '/api/me/avatar', undefined, ann.token);
  expect(await avatarOf(removed)).toBeNull();
  expect(await storedAvatars()).toEqual([]);
  expect((await place.rest('DELETE', '/api/me/avatar', undefined, ann.token)).status).toBe(200);
});

test('an uploaded picture is deleted when a picture signed by the host application replaces it', async () => {
  const token = (picture?: string): Promise<string> =>
    new SignJWT({ preferred_username: 'eve', ...(picture === undefined ? {} : { picture }) })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(issuer)
      .setAudience('chat')
      .setSubject('42')
      .setIssuedAt()
      .setExpirationTime('10m')
      .sign(Buffer.from(secret));
  const eve = { id: 3, name: 'eve', token: await token() };
  const file = await uploaded(eve, await photo());
  for (const name of ['one.png', 'two.png']) {
    expect((await set(eve, file)).status).toBe(200);
    expect(await storedAvatars()).toHaveLength(1);
    const answer = await place.rest('GET', '/api/me', undefined, await token(`${issuer}/${name}`));
    expect(await avatarOf(answer)).toBe(`${issuer}/${name}`);
    expect(await storedAvatars()).toEqual([]);
  }
});

test('a picture whose account was never written, as in a crash, is deleted by a later sweep', async () => {
  vi.useFakeTimers({ toFake: ['setInterval'] });
  try {
    await place.stop();
    await DirectoryFiles.disown(join(directory, 'files'));
    place = await TestPlace.start({ filesDirectory: directory, attachmentLimits: { avatarGraceMs: 0 } });
    [ann, bob] = [await place.register('ann'), await place.register('bob')];
    const file = await uploaded(ann, await photo());
    expect((await set(bob, await uploaded(bob, await photo()))).status).toBe(200);
    const named = await storedAvatars();
    vi.spyOn(place.store, 'changeUser').mockRejectedValueOnce(new StoreError('busy', 'killed'));
    expect((await set(ann, file)).status).toBe(503);
    expect(await storedAvatars()).toHaveLength(2);
    const nextSweep = async (): Promise<void> => {
      vi.advanceTimersByTime(10 * 60 * 1_000);
      expect(await storedAvatars()).toEqual(named);
    };
    await vi.waitFor(nextSweep, { timeout: 60_000 });
  } finally {
    vi.useRealTimers();
    vi.restoreAllMocks();
  }
});

test("a user's picture must be a finished upload of their own and an image", async () => {
  const theirs = await uploaded(bob, await photo());
  expect(await codeOf(await set(ann, theirs))).toBe('not_found');
  expect(await codeOf(await set(ann, '0'.repeat(32)))).toBe('not_found');
  expect(await codeOf(await set(ann, '../../etc/passwd'))).toBe('invalid');
  const noPicture = await uploaded(
    ann,
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
  );
  expect(await codeOf(await set(ann, noPicture))).toBe('picture_unreadable');
  expect(
    (await place.rest('GET', '/api/account', undefined, ann.token).then((answer) => answer.json())) as object,
  ).not.toHaveProperty('me.avatar');
});

test("[A8] a user's picture is shown only to signed-in people, also by the cookie for files", async () => {
  const avatar = (await avatarOf(await set(ann, await uploaded(ann, await photo())))) ?? '';
  expect((await place.rest('GET', avatar)).status).toBe(401);
  expect((await place.rest('GET', avatar, undefined, `ewt_${'x'.repeat(43)}`)).status).toBe(401);
  const admitted = await place.rest('POST', '/api/files/cookie', undefined, bob.token);
  const cookie = admitted.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  expect((await fetch(place.url + avatar, { headers: { cookie } })).status).toBe(200);
});

test('[CH-29.3] the picture of a group in the directory is shown, as a preview, to those who may see the group there', async () => {
  const session = await place.connect(ann);
  const { conversation } = await session.ok({ command: 'createGroup', name: 'Tides', users: [] });
  const file = await uploaded(ann, await photo());
  await session.ok({ command: 'setPicture', conversation, file });
  const seen = async (person: TestPerson, path = '/preview') =>
    (await place.rest('GET', `/api/files/${file}${path}`, undefined, person.token)).status;
  const guest = await place.guest(await place.invite(ann, 'guest', 9));
  expect([await seen(bob), await seen(guest)]).toEqual([404, 404]);
  const settings = { send: 'members', add: 'members', rename: 'members', join: 'anyone' } as const;
  await session.ok({ command: 'configure', conversation, settings });
  const others = await place.connect(bob);
  const { groups } = await others.ok({ command: 'directory', query: 'tid', after: null });
  expect(groups).toEqual([{ conversation, kind: 'group', name: 'Tides', picture: file, memberCount: 1 }]);
  expect([await seen(bob), await seen(bob, ''), await seen(guest), await seen(ann, '')]).toEqual([200, 404, 404, 200]);
  expect((await place.rest('GET', `/api/files/${file}/preview`)).status).toBe(401);
  await session.ok({ command: 'configure', conversation, settings: { ...settings, join: 'invited' } });
  expect(await seen(bob)).toBe(404);
});

test("[CH-3.1] a group's picture is shown to members, set by admins, and its change is sent to the others", async () => {
  const session = await place.connect(ann);
  const { conversation } = await session.ok({ command: 'createGroup', name: 'Tides', users: [bob.id] });
  const others = await place.connect(bob);
  const file = await uploaded(ann, await photo());
  const seen = async (person: TestPerson) =>
    (await place.rest('GET', `/api/files/${file}/preview`, undefined, person.token)).status;
  expect(await seen(bob)).toBe(404);
  await session.ok({ command: 'setPicture', conversation, file });
  const changed = await others.event('commit', ({ row }) => row?.body.kind === 'service' && row.sequence === 2);
  expect(changed.row?.body).toEqual({ kind: 'service', service: { change: 'picture', picture: file } });
  expect((await others.ok({ command: 'entry', conversation })).entry?.picture).toBe(file);
  expect(await seen(bob)).toBe(200);
  expect(await seen(await place.register('eve'))).toBe(404);
  expect(await others.code({ command: 'setPicture', conversation, file: null })).toBe('denied');
  const text = await uploaded(ann, Buffer.from('no picture'));
  expect(await session.code({ command: 'setPicture', conversation, file: text })).toBe('picture_unreadable');
  expect(await session.code({ command: 'setPicture', conversation, file: '0'.repeat(32) })).toBe('not_found');
  await session.ok({ command: 'remove', conversation, user: bob.id });
  expect(await seen(bob)).toBe(404);
  const answer = await place.rest(
    'POST',
    '/api/commands/setPicture',
    { id: 'a'.repeat(32), conversation, file: null },
    ann.token,
  );
  expect(answer.status).toBe(200);
  expect((await session.ok({ command: 'entry', conversation })).entry?.picture).toBeNull();
});

test.each(['GET', 'HEAD'])(
  '%s of a file, a preview and a picture whose bytes are gone from the disk is 404',
  async (method) => {
    const file = await uploaded(ann, await photo());
    const avatar = await avatarOf(await set(ann, file));
    const statuses = async (): Promise<number[]> => {
      const paths = [`/api/files/${file}`, `/api/files/${file}/preview`, avatar ?? ''];
      const answers = await Promise.all(paths.map((path) => place.rest(method, path, undefined, ann.token)));
      return answers.map(({ status }) => status);
    };
    expect(await statuses()).toEqual([200, 200, 200]);
    for (const folder of await readdir(join(directory, 'files')))
      await rm(join(directory, 'files', folder), { recursive: true });
    expect(await statuses()).toEqual([404, 404, 404]);
  },
);
