import 'fake-indexeddb/auto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChatServer, createChatServer } from '@everywire/chat-server';
import { DirectoryFiles } from '@everywire/files-directory';
import { MemoryAccounts, MemoryStore } from '@everywire/store-memory';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChatClient, MessageRowView, Timeline } from './chat-client.js';
import { createChatClient } from './create-chat-client.js';
import { deviceStoreName, openDeviceStore } from './device-store.js';
import { register, type SignedIn } from './sign-in.js';

// Tests messages whose files are sent while the server cannot be reached: the device stores the files and uploads them
// later.

/** A server with attachments that can stop and restart at its address. */
class Lab {
  readonly #store = new MemoryStore({ epoch: '0123456789abcdef' });
  readonly #accounts = new MemoryAccounts();
  readonly #clients: ChatClient[] = [];
  readonly #directory = mkdtempSync(join(tmpdir(), 'everywire-waiting-'));
  #server: ChatServer | null = null;
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async listen(): Promise<void> {
    const [files, uploadsDirectory] = [join(this.#directory, 'files'), join(this.#directory, 'uploads')];
    const attachments = { files: await DirectoryFiles.open(files), records: this.#store, uploadsDirectory };
    const place = { name: 'Test', runBy: '', registration: 'open', version: '0' } as const;
    const stores = { store: this.#store, accounts: this.#accounts };
    this.#server = await createChatServer({
      ...stores,
      place,
      attachments,
      passwordCost: { memoryKib: 256, passes: 1 },
    });
    this.#port = (await this.#server.listen({ port: this.#port, host: '127.0.0.1' })).port;
  }

  /** Stops the server. Its stores remain. */
  async cut(): Promise<void> {
    await this.#server?.close({ deadlineMs: 100 });
    this.#server = null;
  }

  connect({ me, token }: SignedIn): ChatClient {
    const client = createChatClient({ url: this.url, me, token });
    this.#clients.push(client);
    return client;
  }

  /** Closes everything, at the end of a test. */
  async end(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
    await this.cut();
    rmSync(this.#directory, { recursive: true });
  }
}

let lab: Lab;

beforeEach(async () => {
  lab = new Lab();
  await lab.listen();
});
afterEach(() => lab.end());

const messages = (timeline: Timeline): readonly MessageRowView[] =>
  timeline.getSnapshot().rows.flatMap((row) => (row.type === 'message' ? [row] : []));
const filesOf = (timeline: Timeline) =>
  messages(timeline).map(({ text, sequence, files, waitingFiles = [] }) => [
    text,
    sequence === null ? 'waits' : 'sent',
    [...files, ...waitingFiles].map(({ name }) => name).join(),
  ]);
const bytes = (text: string): ArrayBuffer => new TextEncoder().encode(text).buffer as ArrayBuffer;
const picture = { name: 'lake.png', type: 'image/png', bytes: bytes('not really a picture') };

/** Makes a user with notes, whose server has stopped. */
async function cutOff(): Promise<{ readonly account: SignedIn; readonly notes: number; readonly client: ChatClient }> {
  const account = await register(lab.url, { name: 'ann', password: 'correct horse battery' });
  const client = lab.connect(account);
  const notes = await client.createGroup('Notes', []);
  await expect.poll(() => client.getSnapshot().conversations.length).toBe(1);
  await lab.cut();
  await expect.poll(() => client.getSnapshot().connection.state).not.toBe('open');
  return { account, notes, client };
}

/** Returns the stored outbox in order, and the stored bytes of each message's first file. */
async function kept({ me }: SignedIn): Promise<readonly (number | undefined)[]> {
  const device = await openDeviceStore(deviceStoreName(lab.url, me.id));
  const { outbox } = await device.load();
  const sizes = await Promise.all(
    // The database returns them by id, which does not order two of one millisecond.
    outbox
      .toSorted((one, other) => one.position - other.position)
      .map(async ({ command }) => (await device.waitingBytes(command.id, 0))?.byteLength),
  );
  device.close();
  return sizes;
}

describe('a file that is sent without a connection', () => {
  it('an offline file is shown, survives a reload, and is uploaded and sent once when the server is back', async () => {
    const { account, notes, client } = await cutOff();
    const timeline = client.openTimeline(notes);
    expect(timeline.prepare('offline pic')([picture])).toBeNull();
    timeline.send('after it');
    expect(filesOf(timeline)).toEqual([
      ['offline pic', 'waits', 'lake.png'],
      ['after it', 'waits', ''],
    ]);
    expect(client.getSnapshot().conversations[0]?.preview).toMatchObject({ text: 'after it', pending: true });
    await expect.poll(() => kept(account)).toEqual([picture.bytes.byteLength, undefined]);
    await client.close();
    const again = lab.connect(account);
    const reopened = again.openTimeline(notes);
    await expect.poll(() => filesOf(reopened).length).toBe(2);
    const [waiting] = messages(reopened);
    const held = await reopened.waitingFile(waiting?.key ?? '', 0);
    expect([held?.name, held?.type, await held?.text()]).toEqual(['lake.png', 'image/png', 'not really a picture']);
    await lab.listen();
    again.retryNow();
    await expect
      .poll(() => filesOf(reopened))
      .toEqual([
        ['offline pic', 'sent', 'lake.png'],
        ['after it', 'sent', ''],
      ]);
    await expect.poll(() => kept(account)).toEqual([]);
  });

  it('an offline file is sent once even if two tabs upload it', async () => {
    const { account, notes, client } = await cutOff();
    client.openTimeline(notes).prepare('twice?')([picture]);
    await expect.poll(() => kept(account)).toEqual([picture.bytes.byteLength]);
    const other = lab.connect(account);
    const timelines = [client.openTimeline(notes), other.openTimeline(notes)];
    await expect.poll(() => timelines.map((timeline) => filesOf(timeline).length)).toEqual([1, 1]);
    await lab.listen();
    for (const tab of [client, other]) tab.retryNow();
    const sent = [['twice?', 'sent', 'lake.png']];
    await expect.poll(() => timelines.map(filesOf)).toEqual([sent, sent]);
    await expect.poll(() => kept(account)).toEqual([]);
    await expect
      .poll(() => [client, other].map((tab) => tab.getSnapshot().conversations[0]?.preview?.pending))
      .toEqual([false, false]);
  });

  it('an offline file is dropped if another tab has sent its message and deleted the bytes', async () => {
    const { account, notes, client } = await cutOff();
    client.openTimeline(notes).prepare('gone')([picture]);
    await expect.poll(() => kept(account)).toEqual([picture.bytes.byteLength]);
    await client.close();
    const late = lab.connect(account);
    const timeline = late.openTimeline(notes);
    await expect.poll(() => filesOf(timeline).length).toBe(1);
    const device = await openDeviceStore(deviceStoreName(lab.url, account.me.id));
    const [item] = (await device.load()).outbox;
    await device.write([{ write: 'forget', id: item?.command.id ?? '' }], []);
    device.close();
    await lab.listen();
    late.retryNow();
    await expect.poll(() => [filesOf(timeline), messages(timeline).length]).toEqual([[], 0]);
  });

  it('the upload of an offline file stops when its message is discarded', async () => {
    const { account, notes, client } = await cutOff();
    const timeline = client.openTimeline(notes);
    timeline.prepare('no')([picture]);
    await expect.poll(() => kept(account)).toEqual([picture.bytes.byteLength]);
    expect(timeline.discard(messages(timeline)[0]?.key ?? '')).toBe('no');
    await expect.poll(() => kept(account)).toEqual([]);
    await lab.listen();
  });

  it('an offline file fails with its message if the device has lost its bytes', async () => {
    const { account, notes, client } = await cutOff();
    client.openTimeline(notes).prepare('lost')([picture]);
    await expect.poll(() => kept(account)).toEqual([picture.bytes.byteLength]);
    await client.close();
    const device = await openDeviceStore(deviceStoreName(lab.url, account.me.id));
    const [item] = (await device.load()).outbox;
    if (item === undefined) throw new Error('The outbox is empty.');
    await device.write(
      [
        { write: 'forget', id: item.command.id },
        { write: 'keep', item },
      ],
      [],
    );
    device.close();
    await lab.listen();
    const timeline = lab.connect(account).openTimeline(notes);
    await expect.poll(() => messages(timeline)[0]?.receipt).toEqual({ state: 'failed', code: 'file_lost' });
  });
});
