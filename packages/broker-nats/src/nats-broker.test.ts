import { createFaultProxy, describeBrokerContract, type FaultProxy } from '@everywire/testkit';
import { type NatsServer, startNats, startNatsMesh, untilMeshed } from '@everywire/testkit/nats-server';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createNatsBroker } from './index.js';
import { closeNodes, isBack, isLost, meet, type Node, openNode, publish, until } from './test-kit/node.js';

// Tests the broker over NATS, a message service: it carries publications between server nodes and reports a gap if some
// may be lost. A `Node` is a broker subscribed to the topic `room`.

afterEach(closeNodes);

describe('one server', () => {
  let server: NatsServer;
  beforeAll(async () => {
    server = await startNats();
  });
  afterAll(() => server.stop());

  const key = 'the key of all brokers in these tests';
  describeBrokerContract('nats', (channel) => createNatsBroker({ servers: server.url, channel, key }));

  test('brokers recover by themselves after the server was killed, and report a gap', async () => {
    const both = [await openNode({ servers: server.url }), await openNode({ servers: server.url })] as const;
    const [publisher, receiver] = both;
    await publish(publisher, '1');
    await until(() => receiver.received.length === 1);
    await server.kill();
    await until(() => both.every(isLost));
    await expect(publish(publisher, 'refused')).rejects.toMatchObject({ code: 'broker_away' });
    const before = receiver.gaps;
    await server.start();
    await until(() => both.every(isBack));
    await until(() => receiver.gaps > before, 3_000);
    await publish(publisher, '2');
    await until(() => receiver.received.includes('2'));
    expect(receiver.received).toEqual(['1', '2']);
  });

  test('a broker closes in bounded time while the server is away, and never connects again', async () => {
    const [closed, other] = [await openNode({ servers: server.url }), await openNode({ servers: server.url })];
    await server.kill();
    await until(() => isLost(closed) && isLost(other));
    const from = performance.now();
    await closed.broker.close();
    expect(performance.now() - from).toBeLessThan(1_000);
    await server.start();
    await until(() => isBack(other));
    const third = await openNode({ servers: server.url });
    await meet([other, third]);
    const { connections } = await server.monitor<{ connections: readonly { name?: string }[] }>('connz?state=all');
    expect(connections.filter(({ name }) => name === 'everywire broker')).toHaveLength(2);
  });

  describe('through a proxy', () => {
    let proxy: FaultProxy;
    beforeAll(async () => {
      proxy = await createFaultProxy(server.port);
    });
    afterAll(() => proxy.close());

    test('a connection that swallows all data is closed within ten seconds and replaced', async () => {
      // Heartbeats are so rare that the library's pings detect the silence first.
      const publisher = await openNode({ servers: `nats://127.0.0.1:${proxy.port}`, heartbeatMs: 60_000 });
      const receiver = await openNode({ servers: server.url });
      await meet([publisher, receiver]);
      const silencedAt = performance.now();
      proxy.inject({ kind: 'silence' });
      await until(() => isLost(publisher));
      expect(performance.now() - silencedAt).toBeLessThan(10_500);
      proxy.lift();
      await until(() => isBack(publisher));
      await publish(publisher, 'again');
      await until(() => receiver.received.includes('again'));
    });
  });
});

test('a publication that exceeds the maximum payload of the server travels in parts', async () => {
  const server = await startNats({ settings: { max_payload: '4KB' } });
  onTestFinished(() => server.stop());
  const [publisher, receiver] = [await openNode({ servers: server.url }), await openNode({ servers: server.url })];
  const long = 'x'.repeat(100_000);
  await publish(publisher, long);
  await publish(publisher, 'short');
  await until(() => receiver.received.length === 2);
  expect([receiver.received, receiver.gaps, publisher.contact]).toEqual([[long, 'short'], 0, []]);
});

describe('a mesh of three servers', () => {
  let servers: readonly NatsServer[];
  beforeAll(async () => {
    servers = await startNatsMesh(3);
  });
  afterAll(() => Promise.all(servers.map((server) => server.stop())));

  /** Opens one broker per server; each knows only its own server. */
  async function openOnEach(): Promise<[Node, Node, Node]> {
    const [a, b, c] = servers.map(({ url }) => url) as [string, string, string];
    const all: [Node, Node, Node] = [
      await openNode({ servers: a }),
      await openNode({ servers: b }),
      await openNode({ servers: c }),
    ];
    await meet(all);
    return all;
  }

  test('delivers 2,000 publications to the brokers of the other servers, each once and in order', async () => {
    const [publisher, ...others] = await openOnEach();
    const wanted = Array.from({ length: 2_000 }, (_, i) => `number ${i}`);
    for (let from = 0; from < wanted.length; from += 100)
      await Promise.all(wanted.slice(from, from + 100).map((data) => publish(publisher, data)));
    const numbered = ({ received }: Node): string[] => received.filter((data) => data.startsWith('number'));
    await until(() => others.every((node) => numbered(node).length === wanted.length));
    for (const node of others) expect(numbered(node)).toEqual(wanted);
  });

  test('when one server of a mesh was killed, its broker and the brokers of the other servers report a gap', async () => {
    const all = await openOnEach();
    const [a, b, c] = all;
    await servers[2]?.kill();
    await until(() => isLost(c));
    await publish(a, 'missed by c');
    await expect(publish(c, 'refused')).rejects.toMatchObject({ code: 'broker_away' });
    await until(() => b.received.includes('missed by c'));
    const before = all.map(({ gaps }) => gaps);
    await servers[2]?.start();
    await untilMeshed(servers);
    await until(() => isBack(c));
    await until(() => all.every(({ gaps }, i) => gaps > (before[i] ?? 0)));
    await publish(a, 'from a');
    await publish(c, 'from c');
    await until(() => c.received.includes('from a') && [a, b].every(({ received }) => received.includes('from c')));
    expect([isLost(a), isLost(b), c.received.includes('missed by c')]).toEqual([false, false, false]);
  });
});

test('brokers whose servers lose the route between them report a gap, and receive from each other again', async () => {
  const first = await startNats({ routes: [] });
  onTestFinished(() => first.stop());
  const proxy = await createFaultProxy(first.routePort);
  onTestFinished(() => proxy.close());
  const second = await startNats({ routes: [proxy.port] });
  onTestFinished(() => second.stop());
  await untilMeshed([first, second]);
  const [a, b] = [await openNode({ servers: first.url }), await openNode({ servers: second.url })];
  await meet([a, b]);
  const before = [a.gaps, b.gaps];
  const lift = proxy.inject({ kind: 'refuse' });
  proxy.cutNow('reset');
  await publish(a, 'missed by b');
  await publish(b, 'missed by a');
  lift();
  await until(() => a.gaps > before[0]! && b.gaps > before[1]!);
  await meet([a, b]);
  expect([...a.received, ...b.received].some((data) => data.startsWith('missed'))).toBe(false);
  expect([...a.contact, ...b.contact]).toEqual([]);
});

test('a broker that does not read is disconnected by its server, and reports a gap when it is back', async () => {
  const server = await startNats({ settings: { write_deadline: '"500ms"', max_pending: '4MB' } });
  onTestFinished(() => server.stop());
  const proxy = await createFaultProxy(server.port);
  onTestFinished(() => proxy.close());
  const publisher = await openNode({ servers: server.url });
  // Heartbeats are so rare that the server detects the stall before the broker does.
  const receiver = await openNode({ servers: `nats://127.0.0.1:${proxy.port}`, heartbeatMs: 60_000 });
  await publish(publisher, '1');
  await until(() => receiver.received.length === 1);
  const lift = proxy.inject({ kind: 'hold' });
  const slowConsumers = async (): Promise<number> =>
    (await server.monitor<{ slow_consumers: number }>('varz')).slow_consumers;
  await expect
    .poll(
      async () => {
        // A publication rejected by a full queue is lost as well.
        await publish(publisher, 'x'.repeat(1 << 20)).catch(() => undefined);
        return slowConsumers();
      },
      { interval: 20, timeout: 8_000 },
    )
    .toBeGreaterThan(0);
  lift();
  await until(() => isLost(receiver) && isBack(receiver));
  await until(() => receiver.gaps > 0);
  await publish(publisher, '2');
  await until(() => receiver.received.includes('2'));
  expect(publisher.contact).toEqual([]);
});
