import { createMemoryBroker, createMemoryExchange } from '@everywire/broker-memory';
import { createLossyBroker, type LossyBroker } from '@everywire/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, HandClient, type Listening, listen } from './hand-client.js';

const servers: Listening[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.end();
});

/** Two nodes of one installation; the second hears the first through a broker that can lose. */
async function twoNodes(): Promise<{ one: Listening; two: Listening; broker: LossyBroker; clients: HandClient[] }> {
  const exchange = createMemoryExchange();
  const broker = createLossyBroker(createMemoryBroker(exchange));
  const one = await listen({ broker: createMemoryBroker(exchange) });
  const two = await listen({
    broker,
    onSession: (session) => {
      session.join('room');
      session.join('other');
    },
  });
  servers.push(one, two);
  const clients = [await HandClient.join(two.port), await HandClient.join(two.port)];
  return { one, two, broker, clients };
}

function resets(client: HandClient): readonly unknown[] {
  return client.records.filter((record) => record['t'] === 'reset').map((record) => record['topic']);
}

describe('a broker that loses', () => {
  it('[SN-26] makes every member of the topic look again, once, and of no other topic', async () => {
    const { one, broker, clients } = await twoNodes();
    one.wire.publish('other', 'o1');
    one.wire.publish('room', '1');
    for (const client of clients) await eventually(() => client.got.includes('1'));
    broker.lose(2);
    for (const data of ['2', '3', '4', '5']) one.wire.publish('room', data);
    one.wire.publish('other', 'o2');
    for (const client of clients) {
      await eventually(() => client.got.includes('o2'));
      expect(client.got).toEqual(['o1', '1', '4', '5', 'o2']);
      await eventually(() => resets(client).length > 0);
      expect(resets(client)).toEqual(['room']);
    }
  });

  it('[SN-26] keeps two publishers apart', async () => {
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

  it('[SN-26] makes all topics look again after it was cut off without a replay', async () => {
    const { one, broker, clients } = await twoNodes();
    const [client] = clients as [HandClient];
    one.wire.publish('room', '1');
    await eventually(() => client.got.length === 1);
    broker.cut();
    one.wire.publish('room', 'missed');
    await new Promise((resolve) => setImmediate(resolve));
    broker.rejoin({ replay: false });
    one.wire.publish('room', '2');
    await eventually(() => client.got.length === 2);
    expect(client.got).toEqual(['1', '2']);
    // The one gap is told once: by the broker, not by the counter too.
    expect([...resets(client)].sort()).toEqual(['other', 'room']);
  });

  it('[SN-26] says nothing where it replays what was missed', async () => {
    const { one, broker, clients } = await twoNodes();
    const [client] = clients as [HandClient];
    broker.cut();
    for (const data of ['1', '2', '3']) one.wire.publish('room', data);
    await new Promise((resolve) => setImmediate(resolve));
    broker.rejoin({ replay: true });
    one.wire.publish('room', '4');
    await eventually(() => client.got.length === 4);
    expect(client.got).toEqual(['1', '2', '3', '4']);
    expect(resets(client)).toEqual([]);
  });
});
