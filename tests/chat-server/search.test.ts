import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileRef } from '@everywire/chat';
import { createChatClient } from '@everywire/chat-client';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestPerson, TestPlace } from './test-place.js';
import type { Asked, TestSession } from './test-session.js';

/* Searching through real sessions: which person finds which messages, by which filters, and how a search is refused. */

let place: TestPlace;
let filesDirectory: string;
let people: { readonly ada: TestPerson; readonly bob: TestPerson; readonly eve: TestPerson };
/** The sessions of Ada, Bob and Eve. Eve is not in the conversation. */
let [a, b, e]: readonly TestSession[] = [];
let conversation: number;
let sequence: number;

beforeAll(async () => {
  filesDirectory = await mkdtemp(join(tmpdir(), 'everywire-search-files-'));
  place = await TestPlace.start({ filesDirectory, limits: { searchesAtOnce: 1_000 } });
  people = {
    ada: await place.register('ada'),
    bob: await place.register('bob'),
    eve: await place.register('eve'),
  };
  [a, b, e] = [await place.connect(people.ada), await place.connect(people.bob), await place.connect(people.eve)];
  const group = { command: 'createGroup', name: '动物园 Zoo', users: [people.bob.id] } as const;
  conversation = ((await a?.ok(group)) ?? { conversation: 0 }).conversation;
  sequence = ((await a?.ok({ command: 'send', conversation, text: '狮子睡了 https://example.org' })) ?? { sequence: 0 })
    .sequence;
  await b?.ok({ command: 'send', conversation, text: 'The lion sleeps' });
});
afterAll(async () => {
  await place.stop();
  await rm(filesDirectory, { recursive: true });
});

const search = (text: string): Asked => ({ command: 'search', text, zone: 0, conversation: null, after: null });

/** Returns the texts of the messages that a search finds. */
async function texts(by: TestSession | undefined, text: string): Promise<readonly unknown[]> {
  const answer = await by?.ok(search(text) as Extract<Asked, { readonly command: 'search' }>);
  return answer?.hits.map(({ row }) => (row.body.kind === 'text' ? row.body.text : row.body.kind)) ?? [];
}

test('[CH-31.1] a member finds messages of the conversation, a stranger does not', async () => {
  expect(await texts(b, '狮')).toEqual(['狮子睡了 https://example.org']);
  expect(await texts(a, 'LIO')).toEqual(['The lion sleeps']);
  expect(await texts(e, 'lion')).toEqual([]);
});

test('[CH-34.1] [CH-34.2] [CH-34.3] filters select by people, conversations, content and days', async () => {
  expect(await texts(a, 'from:bob')).toEqual(['The lion sleeps']);
  expect(await texts(a, '来自：我 has:link in:zoo')).toEqual(['狮子睡了 https://example.org']);
  expect(await texts(a, 'in:动物园 before:2020')).toEqual([]);
  expect(await texts(a, 'lion after:2020')).toEqual(['The lion sleeps']);
});

test('a hit names its position, so that the page around it can be requested', async () => {
  const { hits } = (await b?.ok(search('狮子') as Extract<Asked, { readonly command: 'search' }>)) ?? { hits: [] };
  expect(hits).toMatchObject([{ conversation, row: { sequence, sender: people.ada.id } }]);
});

/** Creates a file of each kind, recognizable by its first bytes, whatever its name. */
async function filesOfAllKinds(): Promise<Readonly<Record<FileRef['kind'], Buffer>>> {
  const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: '#2a6' } });
  const wave = Buffer.concat([Buffer.from('RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0', 'latin1'), Buffer.alloc(24)]);
  const movie = Buffer.from('\0\0\0\x18ftypisom\0\0\x02\0isomiso2\0\0\0\x08moov\0\0\0\x08mdat', 'latin1');
  return { file: Buffer.from('tides'), image: await picture.png().toBuffer(), video: movie, audio: wave };
}

test('[CH-34.2] `has:` finds sent files of each kind, and files are found by their names too', async () => {
  const { ada } = people;
  const client = createChatClient({
    url: place.url,
    me: { id: ada.id, name: 'ada', displayName: 'ada' },
    token: ada.token,
  });
  const { conversation: talk } = (await a?.ok({ command: 'createDirect', peer: people.eve.id })) ?? { conversation: 0 };
  for (const [kind, bytes] of Object.entries(await filesOfAllKinds())) {
    const { id, kind: known } = await client.upload(new File([new Uint8Array(bytes)], `潮汐 ${kind}.bin`));
    expect(known).toBe(kind);
    await a?.ok({ command: 'send', conversation: talk, text: `one ${kind}`, files: [id] });
  }
  await a?.ok({ command: 'send', conversation: talk, text: 'see https://example.org/tides' });
  await client.close();
  for (const kind of ['image', 'video', 'audio']) expect(await texts(e, `has:${kind}`)).toEqual([`one ${kind}`]);
  expect(await texts(e, 'has:file')).toEqual(['one audio', 'one video', 'one image', 'one file']);
  expect(await texts(e, '包含：语音')).toEqual(['one audio']);
  expect(await texts(e, 'has:link')).toEqual(['see https://example.org/tides']);
  expect(await texts(e, '潮汐 has:image has:file')).toEqual(['one image']);
  expect(await texts(e, 'has:image has:video')).toEqual([]);
  expect(await texts(b, 'has:file')).toEqual([]);
});

test('a search may have 200 characters, whatever their size in bytes', async () => {
  expect(await texts(a, '😀'.repeat(200))).toEqual([]);
});

test.each([
  ['', 'search_empty'],
  ['from:', 'search_filter'],
  ['from:nobody', 'search_from'],
  ['in:nowhere', 'search_in'],
  ['has:cats', 'search_has'],
  ['after:soon', 'search_date'],
  ['x'.repeat(201), 'too_long'],
])('a search for %j is refused with %s', async (text, code) => {
  expect(await a?.code(search(text))).toBe(code);
});

test('conversations are found by their names and by their members', async () => {
  const direct = (await a?.ok({ command: 'createDirect', peer: people.bob.id }))?.conversation;
  const find = async (by: TestSession | undefined, query: string): Promise<unknown> =>
    (await by?.ok({ command: 'findConversations', query, after: null }))?.entries.map((entry) => entry.conversation);
  expect(await find(a, '物')).toEqual([conversation]);
  expect(await find(a, 'bob')).toEqual([direct]);
  expect(await find(e, 'zoo')).toEqual([]);
});

test('too frequent searches are rate limited', async () => {
  const strict = await TestPlace.start({ limits: { searchesAtOnce: 1, searchRefillMs: 3_600_000 } });
  const session = await strict.connect(await strict.register('ann'));
  expect(await session.code(search('x'))).toBe('ok');
  expect(await session.code(search('x'))).toBe('rate_limited');
  await strict.stop();
});

test('[CH-33] searches for people share the rate limit of searches', async () => {
  const strict = await TestPlace.start();
  const ann = await strict.connect(await strict.register('hasty'));
  const codes = [];
  for (let asked = 0; asked < 40; asked += 1)
    codes.push(
      await ann.code({ command: asked % 2 === 0 ? 'findPeople' : 'findConversations', query: 'x', after: null }),
    );
  expect(new Set(codes)).toEqual(new Set(['ok', 'rate_limited']));
  expect(codes.slice(0, 30)).toEqual(Array.from({ length: 30 }, () => 'ok'));
  await strict.stop();
});
