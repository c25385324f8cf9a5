import type { Broker } from '@everywire/server';
import { createFaultProxy, describeBrokerContract } from '@everywire/testkit';
import { type PostgresServer, startPostgres } from '@everywire/testkit/postgres-server';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createPostgresBroker } from './index.js';

// Tests the broker over PostgreSQL, which carries publications between server nodes and reports a gap if some may be
// lost.

let server: PostgresServer;
let url = '';
beforeAll(async () => {
  server = await startPostgres();
  url = await server.createDatabase();
}, 120_000);
afterAll(() => server.stop());

const key = 'the key of all brokers in these tests';
describeBrokerContract('postgres', (channel) => createPostgresBroker({ url, channel, key }));

/** A broker that is subscribed to `room`. `contact` lists the changes of its connection, `gaps` counts its reports. */
interface Node {
  readonly broker: Broker;
  readonly received: string[];
  readonly contact: string[];
  gaps: number;
}

describe('brokers over a database that fails', () => {
  const nodes: Node[] = [];
  afterEach(async () => {
    for (const { broker } of nodes.splice(0)) await broker.close();
  });

  async function node(at = url): Promise<Node> {
    const contact: string[] = [];
    const broker = await createPostgresBroker({
      url: at,
      onContact: (isThere, reason) => contact.push(isThere ? 'back' : `lost: ${reason?.message ?? ''}`),
    });
    const opened: Node = { broker, received: [], contact, gaps: 0 };
    nodes.push(opened);
    broker.onPublication = ({ data }) => opened.received.push(String(data));
    broker.onGap = () => {
      opened.gaps += 1;
    };
    await broker.subscribe('room');
    return opened;
  }

  const publish = ({ broker }: Node, data: string): Promise<void> =>
    broker.publish({ topics: ['room'], data, class: 'hint' });
  const until = (condition: () => boolean, timeout = 15_000): Promise<void> =>
    expect.poll(condition, { interval: 5, timeout }).toBe(true);

  test('a broker whose connection ends reports a gap within two heartbeats of its return, and receives again', async () => {
    const [publisher, receiver] = [await node(), await node()];
    await publish(publisher, '1');
    await until(() => receiver.received.length === 1);
    const before = receiver.gaps;
    // Ends the newest connection, which is the receiver's.
    await server.ask(
      `SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity
       WHERE application_name = 'everywire broker' ORDER BY backend_start DESC LIMIT 1) AS last`,
    );
    await until(() => receiver.contact.length > 0);
    await publish(publisher, 'missed');
    await until(() => receiver.contact.includes('back'));
    await until(() => receiver.gaps > before, 3_000);
    await publish(publisher, '2');
    await until(() => receiver.received.includes('2'));
    expect(receiver.received).toEqual(['1', '2']);
    expect(receiver.contact[0]).toContain('terminating connection');
    expect(publisher.contact).toEqual([]);
  });

  test('while a killed server is down, publications are rejected; afterwards all brokers recover by themselves', async () => {
    const both = [await node(), await node()] as const;
    const [publisher, receiver] = both;
    await publish(publisher, '1');
    await until(() => receiver.received.length === 1);
    const before = receiver.gaps;
    await server.stopAndStart(async () => {
      await until(() => both.every(({ contact }) => contact.length > 0));
      await expect(publish(publisher, 'refused')).rejects.toMatchObject({ code: 'broker_away' });
    });
    await until(() => both.every(({ contact }) => contact.includes('back')));
    await until(() => receiver.gaps > before, 3_000);
    await publish(publisher, '2');
    await until(() => receiver.received.includes('2'));
    expect(receiver.received).toEqual(['1', '2']);
  });

  test('a connection that swallows all data is closed within ten seconds and replaced', async () => {
    const proxy = await createFaultProxy(Number(new URL(url).port));
    const through = new URL(url);
    through.port = `${proxy.port}`;
    const [publisher, receiver] = [await node(through.href), await node()];
    await publish(publisher, '1');
    await until(() => receiver.received.length === 1);
    proxy.inject({ kind: 'silence' });
    await until(() => publisher.contact.length > 0, 10_000);
    proxy.lift();
    await until(() => publisher.contact.includes('back'));
    await publish(publisher, '2');
    await until(() => receiver.received.includes('2'));
    await proxy.close();
  });

  test('a broker that is closed while it reconnects keeps no connection and does not report a return', async () => {
    const proxy = await createFaultProxy(Number(new URL(url).port));
    const through = new URL(url);
    through.port = `${proxy.port}`;
    const { broker, contact } = await node(through.href);
    const sessions = async (): Promise<number> =>
      (await server.ask("SELECT 1 FROM pg_stat_activity WHERE application_name = 'everywire broker'")).length;
    // Each round trip of the reconnection takes a while, so that the broker is closed before the probe.
    proxy.inject({ kind: 'delay', ms: 100 });
    const before = proxy.counters.connections;
    proxy.cutNow('reset');
    await until(() => contact.length > 0);
    await until(() => proxy.counters.connections > before);
    await broker.close();
    await expect.poll(sessions, { interval: 20, timeout: 5_000 }).toBe(1);
    await expect.poll(sessions, { interval: 20, timeout: 5_000 }).toBe(0);
    expect(contact).toHaveLength(1);
    await proxy.close();
  });

  test('a broker that loses the permission to notify reports the reason, and recovers when it is granted again', async () => {
    const asNode = new URL(url);
    asNode.username = 'node';
    await server.ask('CREATE ROLE node LOGIN');
    const [publisher, receiver] = [await node(asNode.href), await node()];
    await publish(publisher, '1');
    await until(() => receiver.received.length === 1);
    const { Client } = await import('pg').then((module) => module.default);
    const owner = new Client({ connectionString: url });
    await owner.connect();
    await owner.query('REVOKE EXECUTE ON FUNCTION pg_notify(text, text) FROM PUBLIC');
    await until(() => publisher.contact.length > 0);
    expect(publisher.contact[0]).toContain('permission denied');
    await owner.query('GRANT EXECUTE ON FUNCTION pg_notify(text, text) TO PUBLIC');
    await owner.end();
    await until(() => publisher.contact.includes('back'));
    await publish(publisher, '2');
    await until(() => receiver.received.includes('2'));
  });

  test('the error for an unreachable database contains no password', async () => {
    const refused = createPostgresBroker({
      url: url.replace(/@.*/, '@127.0.0.1:1/nowhere').replace('postgres@', 'postgres:geheim@'),
    });
    await expect(refused).rejects.toMatchObject({ code: 'broker_unreachable' });
    await expect(refused).rejects.not.toThrow('geheim');
  });
});
