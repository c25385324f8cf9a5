import { connect, type Socket } from 'node:net';
import { createMemoryBroker } from '@everywire/broker-memory';
import type { Broker, WireServerOptions } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, type Listening, listen } from './hand-client.js';

const servers: Listening[] = [];
const readers: RawReader[] = [];
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.cut();
  for (const server of servers.splice(0)) await server.end();
});

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

interface Event {
  readonly id: string;
  readonly type: string;
  readonly data: string;
}

/** Bytes of HTTP by hand, read as the HTML standard says an EventSource does. */
class RawReader {
  readonly socket: Socket;
  text = '';
  gone = false;

  constructor(server: Listening, query: string, headers: Record<string, string> = {}) {
    this.socket = connect(server.port, '127.0.0.1');
    this.socket.setEncoding('utf8');
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    this.socket.write(
      `GET /everywire/raw-event-stream${query} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n${lines.join('')}\r\n`,
    );
    this.socket.on('data', (piece: string) => {
      this.text += piece;
    });
    this.socket.on('close', () => {
      this.gone = true;
    });
    this.socket.on('error', () => undefined);
    readers.push(this);
  }

  get head(): string {
    return this.text.slice(0, this.text.indexOf('\r\n\r\n'));
  }

  get status(): number {
    return Number(/^HTTP\/1\.1 (\d+)/.exec(this.text)?.[1] ?? 0);
  }

  /** The body without the lines of its chunks. */
  get body(): string {
    return this.text
      .slice(this.head.length + 4)
      .replaceAll(/(^|\r\n)[0-9a-f]+\r\n/g, '')
      .replaceAll('\r\n', '');
  }

  get events(): readonly Event[] {
    let id = '';
    const events: Event[] = [];
    for (const block of this.body.split('\n\n').slice(0, -1)) {
      const fields = block.split('\n').map((line) => /^([^:]*):? ?(.*)$/s.exec(line) as RegExpExecArray);
      const valuesOf = (name: string): string[] =>
        fields.filter((field) => field[1] === name).map((field) => field[2]!);
      id = valuesOf('id')[0] ?? id;
      const data = valuesOf('data');
      if (data.length > 0) events.push({ id, type: valuesOf('event')[0] ?? 'message', data: data.join('\n') });
    }
    return events;
  }

  get said(): readonly string[] {
    return this.events.map(({ type, data }) => (type === 'message' ? data : `${type} ${data}`));
  }

  /** The id a browser would come again with. */
  get lastId(): string {
    return [...this.body.matchAll(/^id: (.*)$/gm)].at(-1)?.[1] ?? '';
  }

  async begun(): Promise<this> {
    await eventually(() => this.body.includes('\n\n'));
    return this;
  }

  async hears(count: number): Promise<readonly string[]> {
    await eventually(() => this.events.length >= count);
    return this.said;
  }

  cut(): void {
    this.socket.destroy();
  }
}

const comingAfter = (id: string): Record<string, string> => ({ 'Last-Event-ID': id });

describe('a raw event stream', () => {
  it.each(['local', 'memory broker'])('[SN-16] gives one topic, by ids that are the same for all, %s', async (kind) => {
    const broker: { broker?: Broker } = kind === 'local' ? {} : { broker: createMemoryBroker() };
    const server = await start(broker);
    const one = await new RawReader(server, '?topic=a').begun();
    server.wire.publish('a', 'first');
    await one.hears(1);
    const two = await new RawReader(server, '?topic=a').begun();
    server.wire.publish('b', 'elsewhere');
    server.wire.publish('a', 'second\nline');
    server.wire.publish('a', Uint8Array.of(1, 2, 255));
    server.wire.publish('a', '\0cr\r');
    expect(await two.hears(3)).toEqual(['second\nline', 'binary AQL/', `json ${JSON.stringify('\0cr\r')}`]);
    await one.hears(4);
    expect(one.events.slice(1)).toEqual(two.events);
    expect(new Set(one.events.map(({ id }) => id)).size).toBe(4);
    expect(one.head.toLowerCase()).toContain('content-type: text/event-stream');
    expect(one.head.toLowerCase()).toContain('cache-control: no-store');
    const [, retry] = /^retry: (\d+)$/m.exec(one.body) as RegExpExecArray;
    expect(Number(retry)).toBeGreaterThanOrEqual(1_000);
    expect(Number(retry)).toBeLessThanOrEqual(2_000);
  });

  it('[SN-16] goes on after the id it had, with what came meanwhile', async () => {
    const server = await start();
    const first = await new RawReader(server, '?topic=kept').begun();
    for (const text of ['1', '2']) server.wire.publish('kept', text);
    await first.hears(2);
    const { lastId } = first;
    first.cut();
    await eventually(() => server.wire.rawLinks().length === 0);
    for (const text of ['3', '4']) server.wire.publish('kept', text);
    const second = new RawReader(server, '?topic=kept', comingAfter(lastId));
    expect(await second.hears(2)).toEqual(['3', '4']);
    server.wire.publish('kept', '5');
    expect(await second.hears(3)).toEqual(['3', '4', '5']);
    const third = new RawReader(server, '?topic=kept', comingAfter(first.events[0]?.id ?? ''));
    expect(await third.hears(4)).toEqual(['2', '3', '4', '5']);
  });

  it('[SN-16] goes on from its head, where nothing came before the cut', async () => {
    const server = await start();
    const first = await new RawReader(server, '?topic=kept').begun();
    first.cut();
    server.wire.publish('kept', 'meanwhile');
    const second = new RawReader(server, '?topic=kept', comingAfter(first.lastId));
    expect(await second.hears(1)).toEqual(['meanwhile']);
  });

  it('[SN-16] has nothing to repeat for who has everything', async () => {
    const server = await start();
    const first = await new RawReader(server, '?topic=a').begun();
    const other = await new RawReader(server, '?topic=a').begun();
    server.wire.publish('a', '1');
    await first.hears(1);
    const second = await new RawReader(server, '?topic=a', comingAfter(first.lastId)).begun();
    server.wire.publish('a', '2');
    expect([await second.hears(1), await other.hears(2)]).toEqual([['2'], ['1', '2']]);
  });

  it.each<[string, string, (id: string) => string, string]>([
    ['another life of the server', 'kept', () => 'AAAAAAAA-1', 'unknown'],
    ['a number that was never given', 'kept', (id) => id.replace(/\d+$/, '99'), 'unknown'],
    ['nonsense', 'kept', () => 'x'.repeat(200), 'unknown'],
    ['more than is kept', 'kept', (id) => id.replace(/\d+$/, '0'), 'gone'],
    ['a topic that keeps nothing', 'a', (id) => id.replace(/\d+$/, '1'), 'gone'],
  ])('[SN-16] says reset after an id of %s, and goes on', async (_, topic, idOf, reason) => {
    const server = await start({ limits: { historyMessagesMax: 2 } });
    const first = await new RawReader(server, `?topic=${topic}`).begun();
    for (const text of ['1', '2', '3']) server.wire.publish(topic, text);
    await first.hears(3);
    const second = new RawReader(server, `?topic=${topic}`, comingAfter(idOf(first.lastId)));
    const reset = `reset ${JSON.stringify({ topic, reason })}`;
    expect(await second.hears(1)).toEqual([reset]);
    server.wire.publish(topic, '4');
    expect(await second.hears(2)).toEqual([reset, '4']);
    // The reset has an id of its own, from which the next connection goes on as usual.
    const third = await new RawReader(server, `?topic=${topic}`, comingAfter(second.lastId)).begun();
    server.wire.publish(topic, '5');
    expect(await third.hears(1)).toEqual(['5']);
  });

  it('[SN-3] keeps a history for a while after the last reader left, and then nothing', async () => {
    let clock = 0;
    const forgotten: string[] = [];
    const broker = createMemoryBroker();
    const { unsubscribe } = broker;
    broker.unsubscribe = (topic) => {
      forgotten.push(topic);
      return unsubscribe(topic);
    };
    const server = await start({ broker, limits: { historyMs: 40_000, tickMs: 5 }, now: () => clock });
    const first = await new RawReader(server, '?topic=kept').begun();
    server.wire.publish('kept', '1');
    await first.hears(1);
    first.cut();
    await eventually(() => server.wire.rawLinks().length === 0);
    let delivered = false;
    const { onPublication } = broker;
    broker.onPublication = (publication) => {
      onPublication?.(publication);
      delivered = true;
    };
    server.wire.publish('kept', '2');
    await eventually(() => delivered);
    const resets = async (): Promise<readonly string[]> => {
      const reader = new RawReader(server, '?topic=kept', comingAfter(first.lastId));
      const said = await reader.hears(1);
      reader.cut();
      await eventually(() => server.wire.rawLinks().length === 0);
      return said;
    };
    clock = 39_000;
    expect(await resets()).toEqual(['2']);
    clock = 41_000;
    expect(await resets()).toEqual(['reset {"topic":"kept","reason":"gone"}']);
    // Once nobody was in it for so long, the topic itself is forgotten.
    clock = 90_000;
    await eventually(() => forgotten.includes('kept'));
    expect(await resets()).toEqual(['reset {"topic":"kept","reason":"unknown"}']);
  });

  it('[SN-26] says reset when the broker lost contact', async () => {
    const broker = createMemoryBroker();
    const server = await start({ broker });
    const first = await new RawReader(server, '?topic=kept').begun();
    server.wire.publish('kept', '1');
    await first.hears(1);
    const before = first.lastId;
    broker.onGap?.();
    expect(await first.hears(2)).toEqual(['1', 'reset {"topic":"kept","reason":"gap"}']);
    const second = new RawReader(server, '?topic=kept', comingAfter(before));
    expect(await second.hears(1)).toEqual(['reset {"topic":"kept","reason":"unknown"}']);
  });

  it('has no id for what nobody comes back for', async () => {
    const server = await start();
    const reader = await new RawReader(server, '?topic=kept').begun();
    const { lastId } = reader;
    server.wire.publish('kept', 'typing', { class: 'ephemeral' });
    expect([await reader.hears(1), reader.lastId]).toEqual([['typing'], lastId]);
    const again = await new RawReader(server, '?topic=kept', comingAfter(lastId)).begun();
    server.wire.publish('kept', '1');
    expect(await again.hears(1)).toEqual(['1']);
  });

  it('[SN-15] shows by comments that it lives', async () => {
    const server = await start({ limits: { heartbeatMs: 30, heartbeatHiddenMs: 30, tickMs: 5 } });
    const reader = await new RawReader(server, '?topic=a').begun();
    await eventually(() => (reader.body.match(/^:\n\n/gm) ?? []).length >= 3);
    expect(reader.said).toEqual([]);
  });

  it('ends when the server stops or the application says so', async () => {
    const server = await start();
    const reader = await new RawReader(server, '?topic=a').begun();
    server.wire.rawLinks()[0]?.end('revoked');
    await eventually(() => reader.text.endsWith('0\r\n\r\n'));
    const other = await new RawReader(server, '?topic=a').begun();
    await server.wire.close({ deadlineMs: 1_000 });
    await eventually(() => other.text.endsWith('0\r\n\r\n'));
  });
});

describe('who may have a raw event stream', () => {
  it.each<[string, string, Record<string, string>, number, string]>([
    ['a topic that is not allowed', '?topic=private', {}, 403, 'refused'],
    ['a token that is none', '?topic=a', { authorization: 'Bearer bad' }, 401, 'unauthorized'],
    ['a token in the address', '?topic=a&token=good', {}, 403, 'token_in_address'],
    ['no topic', '', {}, 400, 'topic_invalid'],
    ['two topics', '?topic=a&topic=b', {}, 400, 'topic_invalid'],
    ['a ticket that nobody gave out', '?ticket=x', {}, 401, 'unauthorized'],
    ['another origin', '?topic=a', { origin: 'https://evil.example' }, 403, 'origin_refused'],
  ])('refuses %s', async (_, query, headers, status, code) => {
    const server = await start();
    const reader = new RawReader(server, query, headers);
    await eventually(() => reader.text.includes(code));
    expect(reader.status).toBe(status);
  });

  it('[TR-23] refuses everybody where the application says nothing, and other methods', async () => {
    const server = await start();
    expect((await fetch(`${server.base}/raw-event-stream?topic=a`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${server.base}/raw-ticket`)).status).toBe(405);
    expect((await fetch(`${server.base}/raw-websocket`)).status).toBe(426);
    const closed = await listen();
    servers.push(closed);
    const answer = await fetch(`${closed.base}/raw-event-stream?topic=a`);
    expect([answer.status, await answer.json()]).toMatchObject([403, { code: 'raw_links_off' }]);
  });

  it('tells who comes too early to come again, which a status would not', async () => {
    const server = await start({
      onRawLink: () => new Promise(() => undefined),
      limits: { authenticateMs: 20, tickMs: 5 },
    });
    const reader = new RawReader(server, '?topic=a');
    await eventually(() => reader.text.endsWith('0\r\n\r\n'));
    expect([reader.status, reader.body]).toEqual([200, expect.stringMatching(/^retry: \d+\n: busy\n\n/)]);
  });

  it('[SN-20] by a ticket comes again as often as it must, one stream at a time, and not for ever', async () => {
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

  it('of a durable topic is cut, and comes again with its id', async () => {
    const [server, slow] = await overwhelm('durable');
    await eventually(() => server.wire.rawLinks().length === 0);
    slow.socket.resume();
    await eventually(() => slow.gone);
    expect(server.notices).toMatchObject([{ code: 'slow_raw_link' }]);
  });

  it('of a hint topic loses messages and is told so before anything else', async () => {
    const [server, slow] = await overwhelm('hint');
    slow.socket.resume();
    await eventually(() => slow.text.includes('dropped'));
    server.wire.publish('a', 'end', { class: 'hint' });
    await eventually(() => slow.said.includes('end'));
    expect(slow.said.slice(-2)).toEqual(['reset {"topic":"a","reason":"dropped"}', 'end']);
    expect(slow.said.length).toBeLessThan(200);
  });
});
