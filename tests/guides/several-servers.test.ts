/** @module-tag wide: needs a database server. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type ChatClient, createChatClient, register, type Timeline } from '@everywire/chat-client';
import { startNatsMesh } from '@everywire/testkit/nats-server';
import { type PostgresServer, startPostgres } from '@everywire/testkit/postgres-server';
import { beforeEach, expect, test } from 'vitest';
import { ReverseProxy } from '../reverse-proxies/reverse-proxy.js';
import { Guide, makeDirectory, root, whenOver } from './guide.js';

/* Real servers over one real database, as in the guide, each with its own directory. */

const guide = new Guide('docs/guides/several-servers.md');
const deadline = { timeout: 30_000, interval: 20 };
/** The limit for live delivery: below half a minute, after which clients poll for lost hints. */
const live = { timeout: 5_000, interval: 20 };
const password = 'correct horse battery';

/** One server process. */
class Server {
  readonly #directory = makeDirectory();
  readonly #settings: Readonly<Record<string, string>>;
  #port = '0';
  #child: ChildProcess | null = null;
  said = '';

  constructor(settings: Readonly<Record<string, string>>) {
    this.#settings = settings;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  async start(): Promise<this> {
    const child = spawn(process.execPath, [join(root, 'apps/everywire/dist/command.js')], {
      cwd: this.#directory,
      env: { PATH: process.env['PATH'], PORT: this.#port, HOST: '127.0.0.1', ...this.#settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    const from = this.said.length;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        this.said += chunk.toString();
      });
    await expect.poll(() => this.said.slice(from), deadline).toContain('Everywire is ready at');
    this.#port = /ready at \S+:(\d+)/.exec(this.said)?.[1] ?? '';
    return this;
  }

  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}

let database: PostgresServer;
let one: Server;
let two: Server;
beforeEach(async () => {
  database = await startPostgres();
  whenOver(() => database.stop());
  const settings = linesOf(guide.take(0));
  expect(Object.keys(settings)).toEqual(['EVERYWIRE_POSTGRES', 'EVERYWIRE_FILES', 'EVERYWIRE_PUBLIC_URL']);
}, 120_000);

/** Parses lines such as `NAME=value`. */
function linesOf(block: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    block
      .trim()
      .split('\n')
      .map((line) => line.split(/=(.*)/s).slice(0, 2)),
  );
}

/** Starts two servers over one database and one directory. */
async function startServers(further: Readonly<Record<string, string>> = {}): Promise<void> {
  const here = {
    EVERYWIRE_POSTGRES: await database.createDatabase(),
    EVERYWIRE_FILES: makeDirectory(),
    ...further,
  };
  one = await new Server(here).start();
  two = await new Server(here).start();
  for (const server of [one, two]) whenOver(() => server.end());
}

/** Registers a user at a server and opens a client. */
async function enter(name: string, at: string): Promise<ChatClient> {
  const { me, token } = await register(at, { name, password });
  const client = createChatClient({ url: at, me, token });
  whenOver(() => client.close());
  return client;
}

const texts = (timeline: Timeline): readonly string[] =>
  timeline.getSnapshot().rows.flatMap((row) => (row.type === 'message' ? [row.text] : []));

/** Starts a conversation of the first with the second, and returns the timelines of both. */
async function talk(ann: ChatClient, bob: ChatClient): Promise<readonly [hers: Timeline, his: Timeline]> {
  const hers = ann.openTimeline(await ann.createDirect(bob.getSnapshot().me.id));
  hers.send('begun');
  await expect.poll(() => bob.getSnapshot().conversations.length, live).toBe(1);
  const his = bob.openTimeline(bob.getSnapshot().conversations[0]?.id ?? 0);
  await expect.poll(() => texts(his), live).toEqual(['begun']);
  return [hers, his];
}

test('several-servers: users of two servers immediately see messages, presence and files of each other', async () => {
  await startServers();
  const ann = await enter('ann', one.url);
  const { me, token } = await register(two.url, { name: 'bob', password });
  const bob = createChatClient({ url: two.url, me, token });
  const [hers, his] = await talk(ann, bob);
  ann.watchPresence([me.id], () => undefined);
  await expect.poll(() => ann.presence(me.id).state, live).toBe('online');
  his.setTyping(true);
  await expect.poll(() => hers.getSnapshot().typing.map(({ name }) => name), live).toEqual(['bob']);
  const file = await ann.upload(new File(['not empty'], 'notes.txt', { type: 'text/plain' }));
  hers.send('with a file', { files: [file] });
  await expect.poll(() => texts(his), live).toEqual(['begun', 'with a file']);
  const asked = await fetch(new URL(`api/files/${file.id}`, two.url), {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(await asked.text()).toBe('not empty');
  for (let count = 0; count < 20; count += 1) (count % 2 === 0 ? his : hers).send(`${count}`);
  await expect.poll(() => [texts(hers).length, texts(his).length], live).toEqual([22, 22]);
  expect(texts(his)).toEqual(texts(hers));
  await bob.close();
  await expect.poll(() => ann.presence(me.id).state, live).toBe('away');
});

test('several-servers: behind the balancer, the death of a server causes a pause, and no message is lost or repeated', async () => {
  await startServers();
  const proxy = await ReverseProxy.start('haproxy', 0, here(guide.takeFile('haproxy.cfg')));
  whenOver(() => proxy.stop());
  const ann = await enter('ann', `http://127.0.0.1:${proxy.port}/`);
  const bob = await enter('bob', two.url);
  const [hers, his] = await talk(ann, bob);
  const sent = ['begun'];
  const say = (text: string): void => {
    hers.send(text);
    sent.push(text);
  };
  // Ann is connected to one of the two.
  for (const server of [one, two]) {
    await server.end();
    for (let count = 0; count < 5; count += 1) say(`${sent.length}`);
    const acknowledged = () =>
      hers.getSnapshot().rows.every((row) => row.type !== 'message' || row.sequence !== null) && texts(hers).length;
    await expect.poll(acknowledged, deadline).toBe(sent.length);
    await server.start();
  }
  await expect.poll(() => texts(his), deadline).toEqual(sent);
  say('at the end');
  await expect.poll(() => texts(his), live).toEqual(sent);
});

test('several-servers: messages sent during a database outage arrive after it', async () => {
  await startServers();
  const proxy = await ReverseProxy.start('nginx', 0, here(guide.takeFile('nginx.conf')));
  whenOver(() => proxy.stop());
  const ann = await enter('ann', `http://127.0.0.1:${proxy.port}/`);
  const others = [await enter('bob', one.url), await enter('cy', two.url)] as const;
  const pairs = [await talk(ann, others[0]), await talk(ann, others[1])];
  await database.stopAndStart(async () => {
    for (const server of [one, two]) await expect.poll(() => server.said, deadline).toContain('broker_lost:');
    for (const [hers] of pairs) hers.send('meanwhile');
  });
  for (const [, his] of pairs) await expect.poll(() => texts(his), deadline).toEqual(['begun', 'meanwhile']);
  for (const server of [one, two]) await expect.poll(() => server.said, deadline).toContain('broker_lost_over:');
  for (const [hers] of pairs) hers.send('after');
  for (const [, his] of pairs) await expect.poll(() => texts(his), live).toEqual(['begun', 'meanwhile', 'after']);
});

test('several-servers: NATS carries the messages, and a failure of one or all of its servers loses none', async () => {
  const [line = ''] = Object.values(linesOf(guide.take(1)));
  const nats = await startNatsMesh(2, { authorization: { user: 'everywire', password: 'choose-another' } });
  for (const server of nats) whenOver(() => server.stop());
  const [first, second] = nats.map(({ url }) => new URL(url).host) as [string, string];
  await startServers({
    EVERYWIRE_NATS: line.replace('one.example.org', first).replace('two.example.org', second),
  });
  const [hers, his] = await talk(await enter('ann', one.url), await enter('bob', two.url));
  expect(await database.ask("SELECT 1 FROM pg_stat_activity WHERE application_name = 'everywire broker'")).toEqual([]);
  await nats[0]?.kill();
  hers.send('one is away');
  await expect.poll(() => texts(his), deadline).toEqual(['begun', 'one is away']);
  await nats[1]?.kill();
  for (const server of [one, two]) await expect.poll(() => server.said, deadline).toContain('broker_lost:');
  hers.send('both are away');
  for (const server of nats) await server.start();
  await expect.poll(() => texts(his), deadline).toEqual(['begun', 'one is away', 'both are away']);
  his.send('after');
  await expect.poll(() => texts(hers), live).toEqual(['begun', 'one is away', 'both are away', 'after']);
  expect(one.said + two.said).not.toContain('choose-another');
});

/** Replaces the server addresses of the guide by those of this test. */
function here(configuration: string): string {
  const [first, second] = [one, two].map(({ url }) => new URL(url).host) as [string, string];
  return configuration.replaceAll('10.0.0.1:8088', first).replaceAll('10.0.0.2:8088', second);
}
