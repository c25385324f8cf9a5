import { createMemoryBroker } from '@everywire/broker-memory';
import type { Broker, WireServerOptions } from '@everywire/server';
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

describe('a raw event stream', () => {
  it.each(['local', 'memory broker'])(
    '[SN-16.5] [TR-23.1] a raw event stream has one topic, with ids that are the same for all, %s',
    async (kind) => {
      const broker: { broker?: Broker } = kind === 'local' ? {} : { broker: createMemoryBroker() };
      const server = await start(broker);
      const one = await new RawReader(server, '?topic=a').begun();
      server.wire.publish('a', 'first');
      await one.receives(1);
      const two = await new RawReader(server, '?topic=a').begun();
      server.wire.publish('b', 'elsewhere');
      server.wire.publish('a', 'second\nline');
      server.wire.publish('a', Uint8Array.of(1, 2, 255));
      server.wire.publish('a', '\0cr\r');
      expect(await two.receives(3)).toEqual(['second\nline', 'binary AQL/', `json ${JSON.stringify('\0cr\r')}`]);
      await one.receives(4);
      expect(one.events.slice(1)).toEqual(two.events);
      expect(new Set(one.events.map(({ id }) => id)).size).toBe(4);
      expect(one.head.toLowerCase()).toContain('content-type: text/event-stream');
      expect(one.head.toLowerCase()).toContain('cache-control: no-store, no-transform');
      const [, retry] = /^retry: (\d+)$/m.exec(one.body) as RegExpExecArray;
      expect(Number(retry)).toBeGreaterThanOrEqual(1_000);
      expect(Number(retry)).toBeLessThanOrEqual(2_000);
    },
  );

  it.each(['lastEventId', 'last-event-id', 'Last-Event-ID'])(
    '[SN-16.5] a raw event stream resumes after the id in the address that a polyfill sends as %s, unless a header has another',
    async (name) => {
      const server = await start();
      const first = await new RawReader(server, '?topic=kept').begun();
      for (const text of ['1', '2', '3']) server.wire.publish('kept', text);
      await first.receives(3);
      const [one, two] = first.events.map(({ id }) => id as string) as [string, string];
      const query = `?topic=kept&${name}=${encodeURIComponent(one)}`;
      expect(await new RawReader(server, query).receives(2)).toEqual(['2', '3']);
      expect(await new RawReader(server, query, comingAfter(two)).receives(1)).toEqual(['3']);
    },
  );

  it('[SN-16.5] a raw event stream resumes after its last id, with what came in the meantime', async () => {
    const server = await start();
    const first = await new RawReader(server, '?topic=kept').begun();
    for (const text of ['1', '2']) server.wire.publish('kept', text);
    await first.receives(2);
    const { lastId } = first;
    first.cut();
    await eventually(() => server.wire.rawLinks().length === 0);
    for (const text of ['3', '4']) server.wire.publish('kept', text);
    const second = new RawReader(server, '?topic=kept', comingAfter(lastId));
    expect(await second.receives(2)).toEqual(['3', '4']);
    server.wire.publish('kept', '5');
    expect(await second.receives(3)).toEqual(['3', '4', '5']);
    const third = new RawReader(server, '?topic=kept', comingAfter(first.events[0]?.id ?? ''));
    expect(await third.receives(4)).toEqual(['2', '3', '4', '5']);
  });

  it('[SN-16.5] a raw event stream resumes from its start if nothing came before the cut', async () => {
    const server = await start();
    const first = await new RawReader(server, '?topic=kept').begun();
    first.cut();
    server.wire.publish('kept', 'meanwhile');
    const second = new RawReader(server, '?topic=kept', comingAfter(first.lastId));
    expect(await second.receives(1)).toEqual(['meanwhile']);
  });

  it('[SN-16.5] a raw event stream that has everything gets nothing repeated', async () => {
    const server = await start();
    const first = await new RawReader(server, '?topic=a').begun();
    const other = await new RawReader(server, '?topic=a').begun();
    server.wire.publish('a', '1');
    await first.receives(1);
    const second = await new RawReader(server, '?topic=a', comingAfter(first.lastId)).begun();
    server.wire.publish('a', '2');
    expect([await second.receives(1), await other.receives(2)]).toEqual([['2'], ['1', '2']]);
  });

  it.each<[string, string, (id: string) => string, string]>([
    ['another life of the server', 'kept', () => 'AAAAAAAA-1', 'unknown'],
    ['a number that was never given', 'kept', (id) => id.replace(/\d+$/, '99'), 'unknown'],
    ['nonsense', 'kept', () => 'x'.repeat(200), 'unknown'],
    ['more than is kept', 'kept', (id) => id.replace(/\d+$/, '0'), 'gone'],
    ['a topic that keeps nothing', 'a', (id) => id.replace(/\d+$/, '1'), 'gone'],
  ])(
    '[EN-16.3] [SN-16.5] a raw event stream with an id of %s gets a reset, and continues',
    async (_, topic, idOf, reason) => {
      const server = await start({ limits: { historyMessagesMax: 2 } });
      const first = await new RawReader(server, `?topic=${topic}`).begun();
      for (const text of ['1', '2', '3']) server.wire.publish(topic, text);
      await first.receives(3);
      const second = new RawReader(server, `?topic=${topic}`, comingAfter(idOf(first.lastId)));
      const reset = `reset ${JSON.stringify({ topic, reason })}`;
      expect(await second.receives(1)).toEqual([reset]);
      server.wire.publish(topic, '4');
      expect(await second.receives(2)).toEqual([reset, '4']);
      // The reset has an id of its own, from which the next connection resumes as usual.
      const third = await new RawReader(server, `?topic=${topic}`, comingAfter(second.lastId)).begun();
      server.wire.publish(topic, '5');
      expect(await third.receives(1)).toEqual(['5']);
    },
  );

  it("[SN-3] a topic's history is kept for a while after its last reader left, and then dropped", async () => {
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
    await first.receives(1);
    first.cut();
    await eventually(() => server.wire.rawLinks().length === 0);
    server.wire.publish('kept', '2');
    const resets = async (): Promise<readonly string[]> => {
      const reader = new RawReader(server, '?topic=kept', comingAfter(first.lastId));
      const said = await reader.receives(1);
      reader.cut();
      await eventually(() => server.wire.rawLinks().length === 0);
      return said;
    };
    clock = 39_000;
    expect(await resets()).toEqual(['2']);
    clock = 41_000;
    expect(await resets()).toEqual(['reset {"topic":"kept","reason":"gone"}']);
    // After its time without members, the topic itself is forgotten.
    clock = 90_000;
    await eventually(() => forgotten.includes('kept'));
    expect(await resets()).toEqual(['reset {"topic":"kept","reason":"unknown"}']);
  });

  it('[SN-26.3] a raw event stream gets a reset when the broker lost contact', async () => {
    const broker = createMemoryBroker();
    const server = await start({ broker });
    const first = await new RawReader(server, '?topic=kept').begun();
    server.wire.publish('kept', '1');
    await first.receives(1);
    const before = first.lastId;
    broker.onGap?.();
    expect(await first.receives(2)).toEqual(['1', 'reset {"topic":"kept","reason":"gap"}']);
    const second = new RawReader(server, '?topic=kept', comingAfter(before));
    expect(await second.receives(1)).toEqual(['reset {"topic":"kept","reason":"unknown"}']);
  });

  it('ephemeral messages have no id to resume from', async () => {
    const server = await start();
    const reader = await new RawReader(server, '?topic=kept').begun();
    const { lastId } = reader;
    server.wire.publish('kept', 'typing', { class: 'ephemeral' });
    expect([await reader.receives(1), reader.lastId]).toEqual([['typing'], lastId]);
    const again = await new RawReader(server, '?topic=kept', comingAfter(lastId)).begun();
    server.wire.publish('kept', '1');
    expect(await again.receives(1)).toEqual(['1']);
  });

  it('[S6] [EN-16.4] a raw event stream shows by comments that it is alive', async () => {
    const server = await start({ limits: { heartbeatMs: 30, heartbeatHiddenMs: 30, tickMs: 5 } });
    const reader = await new RawReader(server, '?topic=a').begun();
    await eventually(() => (reader.body.match(/^:\n\n/gm) ?? []).length >= 3);
    expect(reader.said).toEqual([]);
  });

  it('a raw event stream ends when the server stops or the application ends it', async () => {
    const server = await start();
    const reader = await new RawReader(server, '?topic=a').begun();
    server.wire.rawLinks()[0]?.end('revoked');
    await eventually(() => reader.text.endsWith('0\r\n\r\n'));
    const other = await new RawReader(server, '?topic=a').begun();
    await server.wire.close({ deadlineMs: 1_000 });
    await eventually(() => other.text.endsWith('0\r\n\r\n'));
  });
});
