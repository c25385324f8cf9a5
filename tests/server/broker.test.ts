import { createMemoryBroker, createMemoryExchange } from '@everywire/broker-memory';
import { createLossyBroker, type FrameExchange, type LossyBroker } from '@everywire/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, HandClient, type Listening, listen } from './hand-client.js';

// A broker carries publications between the nodes of an installation. The broker of these tests can lose messages.
// A member of a topic that may have missed a publication gets a reset of that topic.

const servers: Listening[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.end();
});

/** Starts two nodes of one installation, joined by a broker that can lose messages. */
async function twoNodes(
  onBrokerGap?: () => void,
  heartbeat: { readonly heartbeatMs?: number } = {},
): Promise<{ one: Listening; two: Listening; broker: LossyBroker; clients: HandClient[] }> {
  const exchange: FrameExchange = new Set();
  const broker = createLossyBroker(exchange, heartbeat);
  const one = await listen({ broker: createLossyBroker(exchange) });
  const two = await listen({
    broker,
    ...(onBrokerGap && { onBrokerGap }),
    onSession: (session) => {
      session.join('room');
      session.join('other');
    },
  });
  servers.push(one, two);
  const clients = [await HandClient.join(two.port), await HandClient.join(two.port)];
  return { one, two, broker, clients };
}

/** Returns the topics of the resets that a client has received. */
function resets(client: HandClient): readonly unknown[] {
  return client.records.filter((record) => record['t'] === 'reset').map((record) => record['topic']);
}

/** Lets the client receive one publication, and loses the next without a replay. */
async function loseContact(one: Listening, broker: LossyBroker, client: HandClient): Promise<void> {
  one.wire.publish('room', '1');
  await eventually(() => client.got.length === 1);
  broker.cut();
  one.wire.publish('room', 'missed');
  await flushed();
  broker.repair();
}

/** Resolves when everything published before has been sent. */
const flushed = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a broker that loses', () => {
  it('[SN-26.3] a broker that loses messages makes every member of every topic get a reset, once', async () => {
    const { one, broker, clients } = await twoNodes();
    one.wire.publish('other', 'o1');
    one.wire.publish('room', '1');
    for (const client of clients) await eventually(() => client.got.includes('1'));
    broker.lose(2);
    for (const data of ['2', '3', '4', '5']) {
      one.wire.publish('room', data);
      await flushed();
    }
    one.wire.publish('other', 'o2');
    for (const client of clients) {
      await eventually(() => client.got.includes('o2'));
      expect(client.got).toEqual(['o1', '1', '4', '5', 'o2']);
      await eventually(() => resets(client).length > 1);
      expect([...resets(client)].sort()).toEqual(['other', 'room']);
    }
  });

  it('[SN-26.2] a broker that loses messages of one publisher causes no reset for another', async () => {
    const { one, two, broker, clients } = await twoNodes();
    for (const data of ['a', 'b']) {
      one.wire.publish('room', `${data}1`);
      two.wire.publish('room', `${data}2`);
    }
    const [client] = clients as [HandClient];
    await eventually(() => client.got.length === 4);
    broker.repeat();
    one.wire.publish('room', 'end');
    await eventually(() => client.got.includes('end'));
    expect(client.got).toHaveLength(5);
    expect(resets(client)).toEqual([]);
  });

  it('[SN-26.3] a broker that was cut off without a replay makes all topics reset', async () => {
    const { one, broker, clients } = await twoNodes();
    const [client] = clients as [HandClient];
    await loseContact(one, broker, client);
    one.wire.publish('room', '2');
    await eventually(() => client.got.length === 2);
    expect(client.got).toEqual(['1', '2']);
    expect([...resets(client)].sort()).toEqual(['other', 'room']);
  });

  it('[SN-26.3] a loss of the broker is reported to the application, which then notifies the clients instead of the resets', async () => {
    let gaps = 0;
    const { one, broker, clients } = await twoNodes(() => {
      gaps += 1;
    });
    const [client] = clients as [HandClient];
    await loseContact(one, broker, client);
    one.wire.publish('room', '2');
    one.wire.publish('room', '3');
    await eventually(() => gaps === 1);
    await eventually(() => client.got.includes('3'));
    expect(client.got).toEqual(['1', '2', '3']);
    expect(resets(client)).toEqual([]);
  });

  it.each(['', 'another'])(
    '[SN-26.6] a broker that counts its links detects a lost last message by a heartbeat or %s',
    async (next) => {
      const { one, broker, clients } = await twoNodes(undefined, { heartbeatMs: next === '' ? 50 : 60_000 });
      const [client] = clients as [HandClient];
      one.wire.publish('room', '1');
      await eventually(() => client.got.length === 1);
      broker.lose(1);
      one.wire.publish('room', 'missed');
      await new Promise((resolve) => setTimeout(resolve, 120));
      if (next !== '') one.wire.publish('other', next);
      await eventually(() => resets(client).length === 2);
      one.wire.publish('room', '2');
      await eventually(() => client.got.includes('2'));
      expect([...resets(client)].sort()).toEqual(['other', 'room']);
      await broker.close();
    },
  );

  it('[SN-26.3] a broker that replays what was missed causes no reset', async () => {
    const { one, broker, clients } = await twoNodes();
    const [client] = clients as [HandClient];
    broker.cut();
    for (const data of ['1', '2', '3']) one.wire.publish('room', data);
    await flushed();
    broker.repair({ replay: true });
    one.wire.publish('room', '4');
    await eventually(() => client.got.length === 4);
    expect(client.got).toEqual(['1', '2', '3', '4']);
    expect(resets(client)).toEqual([]);
  });
});

describe('a publish on a node', () => {
  it('[SN-26.5] a publish reaches members on the same node immediately and once, in the order of the calls, whatever the broker does', async () => {
    const { one, two, broker, clients } = await twoNodes();
    broker.cut();
    two.wire.publish('room', 'a');
    two.wire.publish('room', 'b', { reach: 'node' });
    one.wire.publish('room', 'of one');
    two.wire.publish('room', 'c');
    for (const client of clients) await eventually(() => client.got.length === 3);
    await flushed();
    broker.repair({ replay: true });
    two.wire.publish('room', 'end');
    for (const client of clients) {
      await eventually(() => client.got.includes('end'));
      expect(client.got).toEqual(['a', 'b', 'c', 'of one', 'end']);
      expect(resets(client)).toEqual([]);
    }
  });

  it('a publish reaches the listener on another node, unless it was for its own node only; a gap is reported', async () => {
    const { one, two, broker } = await twoNodes();
    const received: unknown[] = [];
    const stop = two.wire.listen('nodes', {
      onMessage: (data) => received.push(data),
      onMissed: () => received.push('missed'),
    });
    expect(() => two.wire.listen('nodes', { onMessage: () => 0, onMissed: () => 0 })).toThrow(
      expect.objectContaining({ code: 'watched' }),
    );
    two.wire.publish('nodes', 'of its own');
    one.wire.publish('nodes', 'here', { reach: 'node' });
    one.wire.publish('nodes', Uint8Array.of(1));
    await eventually(() => received.length === 1);
    broker.lose(1);
    one.wire.publish('nodes', 'lost');
    await flushed();
    one.wire.publish('nodes', 'after');
    await eventually(() => received.length === 3);
    expect(received).toEqual([Uint8Array.of(1), 'missed', 'after']);
    stop();
    one.wire.publish('nodes', 'unheard');
    await flushed();
    two.wire.listen('nodes', { onMessage: (data) => received.push(data), onMissed: () => received.push('missed') });
    one.wire.publish('nodes', 'again');
    await eventually(() => received.includes('again'));
    expect(received.slice(3)).toEqual(['again']);
  });
});

describe('a broker whose subscription takes effect late', () => {
  it('[SN-26.4] a subscription that takes effect late makes those who joined before get a reset, once', async () => {
    const { one, two, broker, clients } = await twoNodes();
    const [early, meanwhile] = clients as [HandClient, HandClient];
    broker.delay();
    const [first, second] = two.wire.sessions();
    first?.join('late');
    one.wire.publish('late', 'missed');
    await new Promise((resolve) => setImmediate(resolve));
    second?.join('late');
    broker.takeUp();
    for (const client of [early, meanwhile]) await eventually(() => resets(client).length > 0);
    const after = await HandClient.join(two.port);
    two.wire.sessions()[2]?.join('late');
    one.wire.publish('late', 'heard');
    for (const client of [...clients, after]) await eventually(() => client.got.includes('heard'));
    expect(clients.map((client) => [client.got, resets(client)])).toEqual([
      [['heard'], ['late']],
      [['heard'], ['late']],
    ]);
    expect(resets(after)).toEqual([]);
  });

  it('[SN-26.4] a subscription that takes effect late causes no reset for a topic left in the meantime, and one for a member who came back', async () => {
    const { two, broker, clients } = await twoNodes();
    const [left, back] = clients as [HandClient, HandClient];
    broker.delay();
    const [first, second] = two.wire.sessions();
    first?.join('late');
    first?.leave('late');
    second?.join('late');
    await new Promise((resolve) => setImmediate(resolve));
    broker.takeUp();
    await eventually(() => resets(back).length > 0);
    two.wire.publish('room', 'end');
    for (const client of clients) await eventually(() => client.got.includes('end'));
    expect([resets(left), resets(back)]).toEqual([[], ['late']]);
  });
});

describe('a publication that is too long', () => {
  it('a publication that is too long is refused with an error, and later ones arrive', async () => {
    const { one, clients } = await twoNodes();
    expect(() => one.wire.publish('room', 'x'.repeat(70_000))).toThrow('limits.messageBytesMax');
    one.wire.publish('room', 'behind');
    for (const client of clients) await eventually(() => client.got.includes('behind'));
  });

  it('a publication that is too long for another node makes its members reset, and the node continues', async () => {
    const exchange = createMemoryExchange();
    const one = await listen({ broker: createMemoryBroker(exchange) });
    const two = await listen({
      broker: createMemoryBroker(exchange),
      limits: { messageBytesMax: 1_000 },
      onSession: (session) => session.join('room'),
    });
    servers.push(one, two);
    const client = await HandClient.join(two.port);
    one.wire.publish('room', 'first');
    one.wire.publish('room', 'x'.repeat(2_000));
    one.wire.publish('room', 'behind');
    await eventually(() => client.got.includes('behind'));
    expect(client.got).toEqual(['first', 'behind']);
    await eventually(() => resets(client).length > 0);
    expect(resets(client)).toEqual(['room']);
    expect(two.notices.map(({ code }) => code)).toContain('broker_failed');
  });
});
