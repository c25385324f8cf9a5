import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { WireSession } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, HandClient, HandCounts, type Listening, listen, openByPost } from './hand-client.js';
import { KeptClient } from './kept-client.js';

let server: Listening;
const clients: KeptClient[] = [];
afterEach(async () => {
  for (const { socket } of clients.splice(0)) socket.destroy();
  await server.end();
});

/** Opens a session on a kept connection. */
async function open(): Promise<KeptClient> {
  const client = await KeptClient.open(server);
  clients.push(client);
  return client;
}

/** Limits of requests without messages: five at once for each session, and no refill during a test. */
const limits = { quietAtOnce: 5, quietRefillMs: 15_000 };

describe.each<[string, (client: KeptClient) => string]>([
  ['polls that request an immediate answer', (client) => client.poll({ prompt: true })],
  ['polls for no status', (client) => client.poll({ prompt: true }, 'xdr-poll')],
  ['short polls', (client) => client.poll({}, 'short-poll')],
  ['bodies', (client) => client.up()],
])('%s, and bring nothing', (_, ask) => {
  it('empty requests are answered at the rate of their session, and no other session waits', async () => {
    server = await listen({ limits });
    const [flooding, neighbour] = [await open(), await open()];
    for (let asked = 0; asked < 5; asked += 1) expect((await flooding.ask(ask(flooding))).status).toBe(200);
    let answered = false;
    const waiting = flooding.ask(ask(flooding)).then(() => {
      answered = true;
    });
    waiting.catch(() => undefined);
    for (let asked = 0; asked < 5; asked += 1) expect((await neighbour.ask(ask(neighbour))).status).toBe(200);
    expect(answered).toBe(false);
  });
});

it('polls and bodies that bring or get messages are not rate limited', async () => {
  let session: WireSession | undefined;
  server = await listen({
    limits: { quietAtOnce: 1, quietRefillMs: 15_000 },
    onSession: (opened) => (session = opened),
  });
  const client = await open();
  for (let asked = 0; asked < 20; asked += 1) {
    expect((await client.ask(client.up([`up ${asked}`]))).status).toBe(200);
    session?.send(`down ${asked}`);
    const { body } = await client.ask(client.poll());
    expect(body).toContain(`down ${asked}`);
    client.counts.took(`down ${asked}`);
    client.counts.ack = client.counts.received;
  }
});

it('unfinished bodies of one address take a limited number of bytes, and those of others are read', async () => {
  server = await listen({
    limits: { bodyBytesMax: 100_000, bodyBytesPerAddressMax: 250_000 },
    trustedProxies: ['127.0.0.1'],
  });
  const begin = async (from: string): Promise<KeptClient> => {
    const client = await open();
    client.headers = `X-Forwarded-For: ${from}\r\n`;
    return client.write(client.request('up', ' '.repeat(99_000)).slice(0, -1));
  };
  const [first, second, third] = [await begin('1.2.3.4'), await begin('1.2.3.4'), await begin('1.2.3.4')];
  const answers = await Promise.race([first, second, third].map(async (one) => [one, await one.answer()] as const));
  expect(answers[1]).toMatchObject({ status: 503, body: expect.stringContaining('"busy"') });
  const other = await begin('1.2.3.5');
  expect((await other.ask(' ')).status).toBe(400);
  // Released room is available for the next.
  for (const { socket } of [first, second, third]) socket.destroy();
  for (let status = 503; status !== 400; ) ({ status } = await (await begin('1.2.3.4')).ask(' '));
});

it('bodies that one address announces and does not send block no message of that address', async () => {
  server = await listen({ limits: { bodyBytesMax: 100_000, bodyBytesPerAddressMax: 200_000 } });
  const [first, second, third, neighbour] = [await open(), await open(), await open(), await open()];
  const announced = first.request('up', ' '.repeat(100_000)).trimEnd();
  for (const client of [first, second, third]) client.write(`${announced}\r\n\r\n`);
  // One of the three finds no room, so the others have it all.
  await Promise.race([first, second, third].map((client) => client.answer()));
  expect((await neighbour.ask(neighbour.up(['said']))).status).toBe(200);
});

it('a WebSocket with too many pings is read again after a pause', async () => {
  server = await listen({ limits: { pingsAtOnce: 10, pingRefillMs: 10, pingPauseMs: 50 } });
  const client = new HandClient(server.port);
  const { socket } = client;
  await client.opened();
  const pongs: string[] = [];
  socket.on('pong', (data) => pongs.push(data.toString()));
  for (let count = 0; count < 1_000; count += 1) socket.ping('flood');
  socket.ping('last');
  await eventually(() => pongs.at(-1) === 'last');
  socket.terminate();
});

/** The counts of a client that has sent and received nothing. */
const still = { ack: 0, received: 0, seen: 0, sent: 0, sum: 0 };

it.each<[string, (client: HandClient) => object]>([
  ['ping', () => ({ t: 'ping', at: 0, ...still })],
  ['pong', () => ({ t: 'pong', at: 0, ...still })],
  ['ack', () => ({ t: 'ack', ...still })],
  ['hidden', () => ({ t: 'hidden', hidden: true })],
  ['from', () => ({ t: 'from', first: 2 })],
  ['attach', ({ id }) => ({ t: 'attach', id, n: 1, instance: 7, ...still })],
])('a session that sends too many records `%s` without news is read again after a pause', async (_, make) => {
  const pauseMs = 300;
  let messages = 0;
  server = await listen({
    limits: { pingsAtOnce: 20, pingRefillMs: 10_000, pingPauseMs: pauseMs },
    onSession: (session) => {
      session.onMessage = () => {
        messages += 1;
      };
    },
  });
  const client = await HandClient.join(server.port);
  client.send('first');
  await eventually(() => messages === 1);
  const record = make(client);
  for (let count = 0; count < 30; count += 1) client.record({ ...record, ...('at' in record && { at: 1 }) });
  // The server has read them once another client has joined.
  const [held, other] = [performance.now(), await HandClient.join(server.port)];
  client.send('behind');
  await eventually(() => messages === 2);
  expect(performance.now() - held).toBeGreaterThan(pauseMs / 2);
  for (const { socket } of [client, other]) socket.terminate();
});

it('a session whose acknowledgements advance is never paused for them', async () => {
  let session: WireSession | undefined;
  server = await listen({
    limits: { pingsAtOnce: 1, pingRefillMs: 60_000, pingPauseMs: 5_000 },
    onSession: (opened) => (session = opened),
  });
  const client = await HandClient.join(server.port);
  const began = performance.now();
  for (let count = 1; count <= 50; count += 1) {
    session?.send(`down ${count}`);
    await eventually(() => client.counts.received === count);
    client.acknowledge();
  }
  await eventually(() => session?.bufferedAmount === 0);
  expect(performance.now() - began).toBeLessThan(4_000);
  client.socket.terminate();
});

describe('many honest sessions of one address', { tags: ['wide'] }, () => {
  const SESSIONS = 500;
  const MESSAGES = 20;
  const INTERVAL_MS = 100;

  it('many honest sessions of one address are all answered by long polling at ten messages a second each', {
    timeout: 300_000,
  }, async () => {
    server = await listen({
      onSession: (session) => {
        session.onMessage = (data) => void session.send(data);
      },
    });
    const people: Talker[] = [];
    // One after another: a thousand connections in one moment would exceed the kernel's accept queue on a busy server.
    while (people.length < SESSIONS) {
      const person = await Talker.open(server);
      await person.talk(1, 0);
      people.push(person);
    }
    await Promise.all(people.map((person) => person.talk(MESSAGES - 1, INTERVAL_MS)));
    for (const { agent } of people) agent.destroy();
    expect(new Set(people.flatMap(({ statuses }) => statuses))).toEqual(new Set([200]));
    expect(people.map(({ received }) => received)).toEqual(people.map(() => MESSAGES));
    expect(server.notices).toEqual([]);
  });
});

/** A client that sends messages at a fixed rate by POST and receives every echo by long polling. */
class Talker {
  readonly statuses: number[] = [];
  received = 0;
  readonly #base: string;
  /** Two connections, as a browser uses. */
  readonly agent: Agent = new Agent({ keepAlive: true, maxSockets: 2 });
  readonly #id: string;
  readonly #counts = new HandCounts();
  #n = 0;

  private constructor(base: string, id: string) {
    this.#base = base;
    this.#id = id;
  }

  static async open({ base }: Listening): Promise<Talker> {
    return new Talker(base, await openByPost(base));
  }

  /** Sends this many messages and waits for their echoes. */
  async talk(messages: number, intervalMs: number): Promise<void> {
    const allReceived = this.#receiveUntil(this.received + messages);
    for (let count = 0; count < messages; count += 1) {
      const next = new Promise((resolve) => setTimeout(resolve, intervalMs));
      const first = this.#counts.sent + 1;
      this.#counts.sent += 1;
      await this.#post('up', {
        t: 'body',
        n: 1,
        instance: 1,
        first,
        count: 1,
        ...this.#counts.block,
        m: [`message ${count}`],
      });
      await next;
    }
    await allReceived;
  }

  async #receiveUntil(count: number): Promise<void> {
    while (this.received < count) {
      this.#n += 1;
      const body = await this.#post('long-poll', { t: 'attach', n: this.#n, instance: 1, ...this.#counts.block });
      for (const line of body.split('\n').filter((one) => one.startsWith('"'))) {
        this.#counts.took(JSON.parse(line) as string);
        this.received += 1;
      }
      this.#counts.ack = this.#counts.received;
    }
  }

  /** A request on a kept connection that the server is closing is sent again on another one, as in a browser. */
  async #post(name: string, fields: object): Promise<string> {
    const body = JSON.stringify({ id: this.#id, ...fields });
    const headers = { 'content-length': Buffer.byteLength(body) };
    const sent = request(`${this.#base}/${name}`, { method: 'POST', agent: this.agent, headers }).end(body);
    try {
      const [answer] = (await once(sent, 'response')) as [IncomingMessage];
      this.statuses.push(answer.statusCode ?? 0);
      return await text(answer);
    } catch (error) {
      if (sent.reusedSocket) return this.#post(name, fields);
      throw error;
    }
  }
}
