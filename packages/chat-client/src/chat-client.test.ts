// Over 300 lines: all tests of the SDK's public interface share a running server and its helpers.
import 'fake-indexeddb/auto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChatServer, createChatServer } from '@everywire/chat-server';
import { DirectoryFiles } from '@everywire/files-directory';
import { MemoryAccounts, MemoryStore } from '@everywire/store-memory';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAccountClient } from './account-client.js';
import type { ChatClient, Timeline, TimelineRow } from './chat-client.js';
import { createChatClient } from './create-chat-client.js';
import { deviceStoreName, openDeviceStore } from './device-store.js';
import { register, type SignedIn, signIn } from './sign-in.js';
import { openFiles } from './upload-file.js';

const place = { name: 'Test', runBy: '', registration: 'open', version: '0' } as const;
const password = 'correct horse battery';

let directory: string;
let store: MemoryStore;
let accounts: MemoryAccounts;
let server: ChatServer;
let url: string;
let port = 0;
const clients: ChatClient[] = [];

async function listen(): Promise<void> {
  server = await createChatServer({
    store,
    accounts,
    place,
    passwordCost: { memoryKib: 8_192, passes: 1 },
    attachments: {
      files: await DirectoryFiles.open(join(directory, 'files')),
      records: store,
      uploadsDirectory: join(directory, 'uploads'),
    },
  });
  ({ port } = await server.listen({ port, host: '127.0.0.1' }));
  url = `http://127.0.0.1:${port}`;
}

beforeEach(async () => {
  port = 0;
  directory = await mkdtemp(join(tmpdir(), 'everywire-sdk-'));
  store = new MemoryStore({ epoch: '0123456789abcdef' });
  accounts = new MemoryAccounts();
  await listen();
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await server.close({ deadlineMs: 500 });
  await rm(directory, { recursive: true });
});

function connect({ me, token }: SignedIn): ChatClient {
  const client = createChatClient({ url, me, token });
  clients.push(client);
  return client;
}

/** Resolves with the first value, now or after any change. */
function until<Value>(
  source: { subscribe(listener: () => void): () => void },
  look: () => Value | null | undefined | false,
): Promise<Value> {
  return new Promise((resolve) => {
    const end = source.subscribe(check);
    function check(): void {
      const value = look();
      if (!value) return;
      end();
      resolve(value);
    }
    check();
  });
}

const texts = (rows: readonly TimelineRow[]): string[] =>
  rows.flatMap((row) => (row.type === 'message' ? [row.text] : []));
const says = (timeline: Timeline, expected: readonly string[]): Promise<true> =>
  until(timeline, () => JSON.stringify(texts(timeline.getSnapshot().rows)) === JSON.stringify(expected) && true);

describe('the SDK against the real server', () => {
  it('the own profile is fetched at the start, because the stored one may be stale, and again after a change', async () => {
    const signedIn = await register(url, { name: 'ann', displayName: 'Ann', password });
    const account = createAccountClient(url, signedIn.token);
    await account.changeProfile({ displayName: 'Anna' });
    const ann = connect(signedIn);
    const named = (name: string) => until(ann, () => ann.getSnapshot().me.displayName === name);
    expect(ann.getSnapshot().me.displayName).toBe('Ann');
    await named('Anna');
    await account.changeProfile({ displayName: 'Anne' });
    expect(await ann.fetchMe()).toMatchObject({ id: signedIn.me.id, displayName: 'Anne' });
    await named('Anne');
  });

  it('[CM-14.1] [CM-14.5] a changed name is shown immediately, and after a gap', async () => {
    const [ann, bo] = [await register(url, { name: 'ann', password }), await register(url, { name: 'bo', password })];
    const reader = connect(bo);
    const group = await reader.createGroup('Lake', [ann.me.id]);
    const direct = await reader.createDirect(ann.me.id);
    const timeline = connect(ann).openTimeline(group);
    timeline.send('hello');
    const read = reader.openTimeline(group);
    await until(read, () => texts(read.getSnapshot().rows).includes('hello'));
    await reader.members(group, null);
    const shown = () => [
      reader.getSnapshot().conversations.find(({ id }) => id === direct)?.title,
      read.getSnapshot().rows.flatMap((row) => (row.type === 'message' ? [row.sender.displayName] : []))[0],
      reader.person(ann.me.id).displayName,
    ];
    const everywhere = (name: string) => until(reader, () => shown().every((each) => each === name));
    await everywhere('ann');
    await createAccountClient(url, ann.token).changeProfile({ displayName: 'Anna' });
    await everywhere('Anna');
    await server.close({ deadlineMs: 100 });
    await accounts.changeUser(ann.me.id, { displayName: 'Anne' });
    await listen();
    await everywhere('Anne');
  }, 30_000);

  it('two clients create a conversation, send and receive, and echoes are replaced in place', async () => {
    const ann = connect(await register(url, { name: 'ann', displayName: 'Ann', password }));
    const bo = connect(await register(url, { name: 'bo', displayName: 'Bo', password }));
    const found = await until(ann, () => ann.getSnapshot().connection.state === 'open').then(() =>
      ann.people('bo', null),
    );
    const conversation = await ann.createDirect(found.people[0]?.id ?? 0);

    const hers = ann.openTimeline(conversation);
    hers.send('hello 你好');
    const echo = await until(hers, () => hers.getSnapshot().rows.find((row) => row.type === 'message'));
    expect(echo).toMatchObject({ own: true, text: 'hello 你好' });
    const sent = await until(hers, () =>
      hers.getSnapshot().rows.find((row) => row.type === 'message' && row.sequence !== null),
    );
    expect(sent.key).toBe(echo.key);

    const entry = await until(bo, () =>
      bo.getSnapshot().conversations.find((candidate) => candidate.unread === 1 && candidate.title !== ''),
    );
    expect(entry).toMatchObject({ title: 'Ann', preview: { text: 'hello 你好' } });
    const his = bo.openTimeline(conversation);
    await says(his, ['hello 你好']);
    his.markRead();
    await until(bo, () => bo.getSnapshot().conversations[0]?.unread === 0);
    await until(hers, () =>
      hers.getSnapshot().rows.some((row) => row.type === 'message' && row.receipt?.state === 'read'),
    );
  });

  it('[pain 10] the first unread message is fetched, however many follow it', async () => {
    const boAccount = await register(url, { name: 'bo', displayName: 'Bo', password });
    const ann = connect(await register(url, { name: 'ann', displayName: 'Ann', password }));
    const bo = connect(boAccount);
    await until(ann, () => ann.getSnapshot().connection.state === 'open');
    const conversation = await ann.createDirect(boAccount.me.id);
    const hers = ann.openTimeline(conversation);
    for (let count = 1; count <= 80; count++) hers.send(`${count}`);
    await until(bo, () => bo.getSnapshot().conversations[0]?.unread === 80);
    const his = bo.openTimeline(conversation);
    const gap = () => his.getSnapshot().rows.some((row) => row.type === 'gap');
    const key = await until(his, () => gap() && his.getSnapshot().unreadKey);
    const { rows, unreadSought } = his.getSnapshot();
    expect([rows.find((row) => row.key === key), unreadSought]).toMatchObject([{ text: '1' }, false]);
  }, 30_000);

  it('followed threads are listed with their senders', async () => {
    const boAccount = await register(url, { name: 'bo', displayName: 'Bo', password });
    const ann = connect(await register(url, { name: 'ann', displayName: 'Ann', password }));
    const bo = connect(boAccount);
    await until(ann, () => ann.getSnapshot().connection.state === 'open');
    await until(bo, () => bo.getSnapshot().connection.state === 'open');
    const conversation = await ann.createDirect(boAccount.me.id);
    const hers = ann.openTimeline(conversation);
    hers.send('tea?');
    const root = await until(hers, () => {
      const row = hers.getSnapshot().rows.find((each) => each.type === 'message');
      return row?.type === 'message' && row.sequence;
    });
    const his = bo.openThread(conversation, root);
    await says(his, ['tea?']);
    his.send('coffee');
    await until(ann, () => (ann.getSnapshot().conversations[0]?.threadsUnread ?? 0) > 0);
    expect(await ann.threads(null)).toMatchObject({
      threads: [
        { conversation, root, message: { text: 'tea?', sender: { displayName: 'Ann' } }, replies: 1, unread: 1 },
      ],
      next: null,
    });
    expect((await ann.threads(null)).threads[0]?.last).toMatchObject({ text: 'coffee', sender: { displayName: 'Bo' } });
  });

  it('a prepared message is sent after its view was closed, in its thread and with its quote', async () => {
    const boAccount = await register(url, { name: 'bo', displayName: 'Bo', password });
    const ann = connect(await register(url, { name: 'ann', displayName: 'Ann', password }));
    await until(ann, () => ann.getSnapshot().connection.state === 'open');
    const conversation = await ann.createDirect(boAccount.me.id);
    const hers = ann.openTimeline(conversation);
    hers.send('tea?');
    const root = await until(hers, () => {
      const row = hers.getSnapshot().rows.find((each) => each.type === 'message');
      return row?.type === 'message' && row.sequence !== null && { key: row.key, sequence: row.sequence };
    });
    const thread = ann.openThread(conversation, root.sequence);
    await says(thread, ['tea?']);
    const send = thread.prepare('or coffee?', { quote: root.key });
    thread.close();
    expect(send([])).toBeNull();
    const reopened = ann.openThread(conversation, root.sequence);
    await says(reopened, ['tea?', 'or coffee?']);
    const answer = await until(reopened, () => {
      const row = reopened.getSnapshot().rows.at(-1);
      return row?.type === 'message' && row.sequence !== null && row;
    });
    expect(answer).toMatchObject({ text: 'or coffee?', quote: { state: 'shown', sequence: root.sequence } });
    await says(hers, ['tea?']);
  });

  it('an uploaded file is shown with the echo and received with the message', async () => {
    const annAccount = await register(url, { name: 'ann', displayName: 'Ann', password });
    const [ann, bo] = [connect(annAccount), connect(await register(url, { name: 'bo', displayName: 'Bo', password }))];
    await until(bo, () => bo.getSnapshot().connection.state === 'open');
    const conversation = await bo.createDirect(annAccount.me.id);
    const progress: number[] = [];
    const file = new File([new Uint8Array(2_500_000)], '潮汐表.bin');
    const ref = await bo.upload(file, { onProgress: (sent) => progress.push(sent) });
    expect(ref).toMatchObject({ name: '潮汐表.bin', kind: 'file', size: 2_500_000 });
    expect(progress.at(-1)).toBe(2_500_000);
    const [his, hers] = [bo.openTimeline(conversation), ann.openTimeline(conversation)];
    his.send('', { files: [ref] });
    const message = (timeline: Timeline) => timeline.getSnapshot().rows.find((row) => row.type === 'message') ?? null;
    expect(await until(his, () => message(his))).toMatchObject({ text: '', files: [ref] });
    const sent = await until(his, () => {
      const row = message(his);
      return row?.type === 'message' && row.sequence !== null && row;
    });
    expect(sent).toMatchObject({ files: [ref] });
    expect(await until(hers, () => message(hers))).toMatchObject({ text: '', files: [ref] });
    expect(ann.getSnapshot().conversations[0]?.preview?.text).toBe('潮汐表.bin');
    const stopped = bo.upload(file, { signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'interrupted' });
  });

  it('messages are forwarded in order to each chosen conversation', async () => {
    const annAccount = await register(url, { name: 'ann', displayName: 'Ann', password });
    const ann = connect(annAccount);
    await until(ann, () => ann.getSnapshot().connection.state === 'open');
    const from = await ann.createGroup('From', []);
    const targets = [await ann.createGroup('First', []), await ann.createGroup('Second', [])];
    const source = ann.openTimeline(from);
    for (const text of ['one', 'two', 'three']) source.send(text);
    const sent = await until(source, () => {
      const messages = source.getSnapshot().rows.filter((row) => row.type === 'message');
      return messages.length === 3 && messages.every(({ sequence }) => sequence !== null) && messages;
    });
    await source.forward(
      sent.slice(1).map(({ key }) => key),
      targets,
    );
    for (const target of targets) await says(ann.openTimeline(target), ['two', 'three']);
  });

  it('elements of the page can read files of the server after `openFiles`', async () => {
    const account = await register(url, { name: 'ann', displayName: 'Ann', password });
    const file = await connect(account).upload(new File(['tides'], 'tides.txt'));
    const address = `${url}/api/files/${file.id}`;
    expect((await fetch(address)).status).toBe(401);
    const answers = vi.spyOn(globalThis, 'fetch');
    await openFiles({ url, token: account.token });
    const answer: Response = await answers.mock.results.at(-1)?.value;
    answers.mockRestore();
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(await (await fetch(address, { headers: { cookie } })).text()).toBe('tides');
  });

  it('typing and presence are shown to those who watch', async () => {
    const annAccount = await register(url, { name: 'ann', displayName: 'Ann', password });
    const ann = connect(annAccount);
    const bo = connect(await register(url, { name: 'bo', displayName: 'Bo', password }));
    await until(bo, () => bo.getSnapshot().connection.state === 'open');
    const conversation = await bo.createDirect(annAccount.me.id);
    const his = bo.openTimeline(conversation);
    const hers = ann.openTimeline(conversation);
    await until(hers, () => hers.getSnapshot().rows.length > 0 || !hers.getSnapshot().loading);
    await new Promise<void>((resolve) => {
      const end = bo.watchPresence([annAccount.me.id], () => {
        if (bo.presence(annAccount.me.id).state === 'online') resolve(end());
      });
    });
    hers.setTyping(true);
    await until(his, () => his.getSnapshot().typing.some((person) => person.displayName === 'Ann'));
    hers.setTyping(false);
    await until(his, () => his.getSnapshot().typing.length === 0);
  });

  it('[pain 1] messages written while the server is down survive a reload and are sent once and in order', async () => {
    const annAccount = await register(url, { name: 'ann', displayName: 'Ann', password });
    const boAccount = await register(url, { name: 'bo', displayName: 'Bo', password });
    const first = connect(annAccount);
    const conversation = await until(first, () => first.getSnapshot().connection.state === 'open').then(() =>
      first.createDirect(boAccount.me.id),
    );
    const before = first.openTimeline(conversation);
    before.send('one');
    await until(before, () => before.getSnapshot().rows.some((row) => row.type === 'message' && row.sequence !== null));

    await server.close({ deadlineMs: 100 });
    before.send('two');
    before.send('three');
    await until(before, () => texts(before.getSnapshot().rows).length === 3);
    await first.close();

    const second = connect(annAccount);
    const after = second.openTimeline(conversation);
    await until(after, () => texts(after.getSnapshot().rows).includes('three'));
    expect(after.getSnapshot().rows.filter((row) => row.type === 'message' && row.sequence === null)).toHaveLength(2);

    await listen();
    const bo = connect(boAccount);
    const his = bo.openTimeline(conversation);
    await says(his, ['one', 'two', 'three']);
    await until(after, () => after.getSnapshot().rows.every((row) => row.type !== 'message' || row.sequence !== null));
    expect(texts(after.getSnapshot().rows)).toEqual(['one', 'two', 'three']);
  }, 60_000);

  it('a late send from one device keeps the newer draft of another', async () => {
    const annAccount = await register(url, { name: 'ann', displayName: 'Ann', password });
    const boAccount = await register(url, { name: 'bo', displayName: 'Bo', password });
    // Another origin simulates another device, because it has its own store.
    const otherUrl = () => url.replace('127.0.0.1', 'localhost');
    const here = connect(annAccount);
    const there = createChatClient({ url: otherUrl(), me: annAccount.me, token: annAccount.token });
    clients.push(there);
    await until(here, () => here.getSnapshot().connection.state === 'open');
    const conversation = await here.createDirect(boAccount.me.id);
    const draftOf = (client: ChatClient) =>
      client.getSnapshot().conversations.find(({ id }) => id === conversation)?.draft;
    const timeline = here.openTimeline(conversation);
    timeline.setDraft('hello');
    await until(there, () => draftOf(there) === 'hello');

    await server.close({ deadlineMs: 100 });
    timeline.send('hello');
    timeline.setDraft('');
    await until(timeline, () => texts(timeline.getSnapshot().rows).length === 1);
    await here.close();
    await listen();
    const theirs = there.openTimeline(conversation);
    theirs.setDraft('hello, and more');
    const kept = async () => (await store.entry(annAccount.me.id, conversation)).entry?.draft.text;
    await expect.poll(kept, { timeout: 20_000 }).toBe('hello, and more');

    const again = connect(annAccount);
    await says(theirs, ['hello']);
    await until(again, () => draftOf(again) === 'hello, and more');
    expect([draftOf(there), await kept()]).toEqual(['hello, and more', 'hello, and more']);
    theirs.send('hello, and more');
    await until(again, () => draftOf(again) === '');
    expect(await kept()).toBe('');
  }, 60_000);

  it('a revoked sign-in erases everything on its device and reports that it is signed out', async () => {
    const { lost, account, conversation } = await deviceWithUnsent('Ann’s secret group');
    const timeline = lost.openTimeline(conversation);
    const other = await signIn(url, { name: 'ann', password });
    await createAccountClient(url, other.token).signOutOthers();
    await until(lost, () => lost.getSnapshot().signedOut);
    // Text typed until the page closes is not stored either.
    timeline.setDraft('half a sentence more');
    timeline.send('more');
    await expect.poll(() => keptOf(account), { timeout: 20_000 }).toEqual(nothingKept);
    await lost.close();
    expect(await keptOf(account)).toEqual(nothingKept);
  });

  it('a device that learns later that its sign-in is invalid keeps only unsent data', async () => {
    const { lost, account, conversation } = await deviceWithUnsent('Ann’s other group');
    await server.close({ deadlineMs: 100 });
    lost.openTimeline(conversation).send('written offline');
    lost.openTimeline(conversation).setDraft('half an answer');
    await lost.close();
    await accounts.revokeCredentials(account.me.id, 'all');
    await listen();
    const back = connect(account);
    await until(back, () => back.getSnapshot().signedOut);
    await expect.poll(async () => (await keptOf(account)).sync, { timeout: 20_000 }).toBeNull();
    await back.close();
    const { outbox, people, drafts } = await keptOf(account);
    expect([outbox.map(({ command }) => command), people]).toMatchObject([[{ text: 'written offline' }], []]);
    expect(drafts.map(({ text }) => text)).toEqual(['half an answer']);
  });

  it('signing out on a device erases everything there', async () => {
    const account = await register(url, { name: 'ann', displayName: 'Ann', password });
    const leaving = connect(account);
    await leaving.createGroup('kept', []);
    const signedOut = leaving.signOut();
    // The page may call `close` while signing out; everything must be erased nevertheless.
    await Promise.all([signedOut, leaving.close()]);
    expect(await keptOf(account)).toEqual(nothingKept);
    await expect(signIn(url, { name: 'ann', password: 'wrong wrong wrong' })).rejects.toMatchObject({
      code: 'credentials_wrong',
    });
  });

  const nothingKept = { outbox: [], drafts: [], sync: null, people: [] };

  async function keptOf({ me }: SignedIn) {
    const kept = await openDeviceStore(deviceStoreName(url, me.id));
    const loaded = await kept.load();
    kept.close();
    return loaded;
  }

  /** Makes a device whose list and draft are stored. */
  async function deviceWithUnsent(name: string) {
    const account = await register(url, { name: 'ann', displayName: 'Ann', password });
    const before = connect(account);
    const conversation = await before.createGroup(name, []);
    await until(before, () => before.getSnapshot().conversations.length === 1);
    before.openTimeline(conversation).setDraft('half a sentence');
    await before.close();
    expect(await keptOf(account)).toMatchObject({ drafts: [{ text: 'half a sentence' }], sync: {} });
    const lost = connect(account);
    await until(lost, () => lost.getSnapshot().connection.state === 'open');
    return { lost, account, conversation };
  }
});

describe('searching', () => {
  it('a search hit in a conversation that the list has not loaded opens at its message', async () => {
    const [ann, bob] = [await register(url, { name: 'ann', password }), await register(url, { name: 'bob', password })];
    const writer = connect(ann);
    const old = await writer.createGroup('old', [bob.me.id]);
    const timeline = writer.openTimeline(old);
    timeline.send('a needle in the old one');
    await until(timeline, () =>
      timeline.getSnapshot().rows.some((row) => row.type === 'message' && row.sequence !== null),
    );
    for (let number = 0; number < 35; number += 1) await writer.createGroup(`newer ${number}`, [bob.me.id]);

    const reader = connect(bob);
    await until(reader, () => !reader.getSnapshot().loading && reader.getSnapshot().conversations.length > 0);
    const isListed = (): boolean => reader.getSnapshot().conversations.some(({ id }) => id === old);
    expect(isListed()).toBe(false);
    const { hits } = await reader.search.messages('needle');
    expect(hits).toMatchObject([
      { conversation: old, text: 'a needle in the old one', place: { id: old, title: 'old', kind: 'group' } },
    ]);
    const opened = reader.openTimeline(old);
    const located = await opened.locate(hits[0]?.sequence ?? 0);
    expect(opened.getSnapshot().rows.map(({ key }) => key)).toContain(located?.key);
    expect(isListed()).toBe(true);
    expect((await reader.search.conversations('old')).conversations).toMatchObject([{ id: old, title: 'old' }]);
  }, 60_000);

  it('a search continues until enough is found, reports progress, and stops when aborted', async () => {
    const signedIn = await register(url, { name: 'ann', password });
    const client = connect(signedIn);
    const group = await client.createGroup('talk', []);
    const timeline = client.openTimeline(group);
    for (let number = 0; number < 12; number += 1) timeline.send(`needle ${number}`);
    await until(
      timeline,
      () => timeline.getSnapshot().rows.filter((row) => row.type === 'message' && row.sequence !== null).length === 12,
    );
    // Simulates a store whose search budget covers only a few messages.
    const { search } = store;
    store.search = (user, request) => search.call(store, user, { ...request, limit: 3 });
    const reached: number[] = [];
    const onProgress = ({ hits }: { readonly hits: readonly unknown[] }) => reached.push(hits.length);
    const all = await client.search.messages('needle', { onProgress });
    expect([all.hits.length, all.next, reached]).toEqual([12, null, [3, 6, 9]]);

    const control = new AbortController();
    const some = await client.search.messages('needle', { signal: control.signal, onProgress: () => control.abort() });
    expect(some.hits).toHaveLength(6);
    const rest = await client.search.messages('needle', { after: some.next });
    expect([...some.hits, ...rest.hits].map(({ text }) => text)).toEqual(all.hits.map(({ text }) => text));

    await client.createGroup('talk of old', []);
    const { findConversations } = store;
    const picture = 'ab'.repeat(16);
    store.findConversations = async (user, place, page) => {
      const found = await findConversations.call(store, user, place, { ...page, limit: 1 });
      return { ...found, entries: found.entries.map((entry) => ({ ...entry, picture })) };
    };
    const named = await client.search.conversations('talk');
    expect([named.conversations.map(({ title }) => title), named.next]).toEqual([['talk of old', 'talk'], null]);
    expect(named.conversations[0]?.picture).toBe(`/api/files/${picture}/preview`);
    const first = await client.search.conversations('talk', { signal: AbortSignal.abort() });
    const second = await client.search.conversations('talk', { after: first.next });
    expect([first, second].map(({ conversations }) => conversations.length)).toEqual([1, 1]);
  }, 60_000);
});
