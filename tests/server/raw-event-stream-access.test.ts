import type { WireServerOptions } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, type Listening, listen } from './hand-client.js';
import { comingAfter, RawReader, readers } from './raw-reader.js';

const servers: Listening[] = [];
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.cut();
  for (const server of servers.splice(0)) await server.end();
});

/** Starts a server that allows raw event streams. Topics whose name begins with `kept` have a history. */
async function start(options: Partial<WireServerOptions> = {}): Promise<Listening> {
  const server = await listen({
    authenticate: ({ token }) => (token === undefined || token === 'good' ? { subject: token ?? 'anyone' } : null),
    onRawLink: ({ topics }) => (topics[0] === 'private' ? null : topics),
    hasHistory: (topic) => topic.startsWith('kept'),
    ...options,
  });
  servers.push(server);
  return server;
}

describe('access to raw event streams', () => {
  it.each<[string, string, Record<string, string>, number, string]>([
    ['a topic that is not allowed', '?topic=private', {}, 403, 'refused'],
    ['an invalid token', '?topic=a', { authorization: 'Bearer bad' }, 401, 'unauthorized'],
    ['a token in the address', '?topic=a&token=good', {}, 403, 'token_in_address'],
    ['no topic', '', {}, 400, 'topic_invalid'],
    ['two topics', '?topic=a&topic=b', {}, 400, 'topic_invalid'],
    ['a ticket that was never issued', '?ticket=x', {}, 401, 'unauthorized'],
    ['another origin', '?topic=a', { origin: 'https://evil.example' }, 403, 'origin_refused'],
  ])('a raw event stream for %s is refused', async (_, query, headers, status, code) => {
    const server = await start();
    const reader = new RawReader(server, query, headers);
    await eventually(() => reader.text.includes(code));
    expect(reader.status).toBe(status);
  });

  it('[TR-23.5] raw event streams are refused if the application does not allow them, and so are other methods', async () => {
    const server = await start();
    expect((await fetch(`${server.base}/raw-event-stream?topic=a`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${server.base}/raw-ticket`)).status).toBe(405);
    expect((await fetch(`${server.base}/raw-websocket`)).status).toBe(426);
    const closed = await listen();
    servers.push(closed);
    const answer = await fetch(`${closed.base}/raw-event-stream?topic=a`);
    expect([answer.status, await answer.json()]).toMatchObject([403, { code: 'raw_links_off' }]);
  });

  it('[TR-23.6] a token in the address is refused with a text that names the better way', async () => {
    const server = await start();
    const answer = await fetch(`${server.base}/raw-event-stream?topic=a&token=good`);
    expect(await answer.json()).toEqual({ code: 'token_in_address', text: expect.stringContaining('raw-ticket') });
  });

  it('a busy server makes the stream retry, which a status would not', async () => {
    const server = await start({
      onRawLink: () => new Promise(() => undefined),
      limits: { authenticateMs: 20, tickMs: 5 },
    });
    const reader = new RawReader(server, '?topic=a');
    await eventually(() => reader.text.endsWith('0\r\n\r\n'));
    expect([reader.status, reader.body]).toEqual([200, expect.stringMatching(/^retry: \d+\n: busy\n\n/)]);
  });

  it('[SN-20.3] [TR-23.2] [TR-23.4] a ticket reconnects as often as needed, one stream at a time, until it expires', async () => {
    let clock = 0;
    const server = await start({ now: () => clock });
    const body = JSON.stringify({ token: 'good', topics: ['kept'], kind: 'event-stream' });
    const { ticket } = (await (await fetch(`${server.base}/raw-ticket`, { method: 'POST', body })).json()) as {
      ticket: string;
    };
    const first = await new RawReader(server, `?ticket=${ticket}`).begun();
    const second = await new RawReader(server, `?ticket=${ticket}`, comingAfter(first.lastId)).begun();
    await eventually(() => first.text.endsWith('0\r\n\r\n'));
    second.cut();
    await eventually(() => server.wire.rawLinks().length === 0);
    const third = await new RawReader(server, `?ticket=${ticket}`).begun();
    expect(server.wire.rawLinks()[0]).toMatchObject({ claims: { subject: 'good' }, topics: ['kept'] });
    third.cut();
    await eventually(() => server.wire.rawLinks().length === 0);
    clock = 59_000;
    const fourth = await new RawReader(server, `?ticket=${ticket}`).begun();
    fourth.cut();
    await eventually(() => server.wire.rawLinks().length === 0);
    clock = 59_000 + 61_000;
    const late = new RawReader(server, `?ticket=${ticket}`);
    await eventually(() => late.status === 401);
  });
});

it('[SN-21.9] a ticket of a revoked stream does not open another', async () => {
  const server = await start();
  const body = JSON.stringify({ token: 'good', topics: ['a'], kind: 'event-stream' });
  const { ticket } = (await (await fetch(`${server.base}/raw-ticket`, { method: 'POST', body })).json()) as {
    ticket: string;
  };
  const stream = await new RawReader(server, `?ticket=${ticket}`).begun();
  expect(server.wire.revoke(({ subject }) => subject === 'good')).toBe(1);
  await eventually(() => stream.text.endsWith('0\r\n\r\n') && server.wire.rawLinks().length === 0);
  const again = new RawReader(server, `?ticket=${ticket}`);
  await eventually(() => again.status !== 0);
  expect(again.status).toBe(401);
});

describe('[SN-3] [SN-23] a raw event stream that takes nothing', () => {
  const limits = { rawWaitingBytesMax: 100_000, historyBytesMax: 10_000, tickMs: 5 };

  async function overwhelm(topicClass: 'durable' | 'hint'): Promise<[Listening, RawReader]> {
    const server = await start({ limits });
    const slow = await new RawReader(server, '?topic=a').begun();
    slow.socket.pause();
    for (let turn = 0; turn < 200; turn++) {
      server.wire.publish('a', 'x'.repeat(50_000), { class: topicClass });
      await new Promise((resolve) => setImmediate(resolve));
    }
    return [server, slow];
  }

  it('a raw event stream of a durable topic that takes nothing is cut, and resumes with its id', async () => {
    const [server, slow] = await overwhelm('durable');
    await eventually(() => server.wire.rawLinks().length === 0);
    slow.socket.resume();
    await eventually(() => slow.gone);
    expect(server.notices).toMatchObject([{ code: 'slow_raw_link' }]);
  });

  it('a raw event stream of a hint topic that takes nothing loses messages and gets a reset first', async () => {
    const [server, slow] = await overwhelm('hint');
    slow.socket.resume();
    await eventually(() => slow.text.includes('dropped'));
    server.wire.publish('a', 'end', { class: 'hint' });
    await eventually(() => slow.said.includes('end'));
    expect(slow.said.slice(-2)).toEqual(['reset {"topic":"a","reason":"dropped"}', 'end']);
    expect(slow.said.length).toBeLessThan(200);
  });
});
