import type { Broker } from '@everywire/server';
import { createFaultProxy, describeBrokerContract } from '@everywire/testkit';
import { type PostgresServer, startPostgres } from '@everywire/testkit/postgres-server';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createPostgresBroker } from './index.js';

let server: PostgresServer;
let url = '';
beforeAll(async () => {
  server = await startPostgres();
  url = await server.createDatabase();
}, 120_000);
afterAll(() => server.stop());

describeBrokerContract('postgres', (channel) => createPostgresBroker({ url, channel }));

interface Node {
  readonly broker: Broker;
  readonly got: string[];
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
    const opened: Node = { broker, got: [], contact, gaps: 0 };
    nodes.push(opened);
    broker.onPublication = ({ data }) => opened.got.push(String(data));
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

  test('one whose connection ends looks for what it missed within two beats of its return, and hears again', async () => {
    const [told, heard] = [await node(), await node()];
    await publish(told, '1');
    await until(() => heard.got.length === 1);
    const before = heard.gaps;
    // The one that connected last.
    await server.ask(
      `SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity
       WHERE application_name = 'everywire broker' ORDER BY backend_start DESC LIMIT 1) AS last`,
    );
    await until(() => heard.contact.length > 0);
    await publish(told, 'missed');
    await until(() => heard.contact.includes('back'));
    await until(() => heard.gaps > before, 3_000);
    await publish(told, '2');
    await until(() => heard.got.includes('2'));
    expect(heard.got).toEqual(['1', '2']);
    expect(heard.contact[0]).toContain('terminating connection');
    expect(told.contact).toEqual([]);
  });

  test('a server that is killed: what is published meanwhile is refused, and all go on by themselves', async () => {
    const both = [await node(), await node()] as const;
    const [told, heard] = both;
    await publish(told, '1');
    await until(() => heard.got.length === 1);
    const before = heard.gaps;
    await server.stopAndStart(async () => {
      await until(() => both.every(({ contact }) => contact.length > 0));
      await expect(publish(told, 'refused')).rejects.toMatchObject({ code: 'broker_away' });
    });
    await until(() => both.every(({ contact }) => contact.includes('back')));
    await until(() => heard.gaps > before, 3_000);
    await publish(told, '2');
    await until(() => heard.got.includes('2'));
    expect(heard.got).toEqual(['1', '2']);
  });

  test('a way to the server that swallows everything is given up within ten seconds, and made anew', async () => {
    const proxy = await createFaultProxy(Number(new URL(url).port));
    const through = new URL(url);
    through.port = `${proxy.port}`;
    const [told, heard] = [await node(through.href), await node()];
    await publish(told, '1');
    await until(() => heard.got.length === 1);
    proxy.inject({ kind: 'silence' });
    await until(() => told.contact.length > 0, 10_000);
    proxy.lift();
    await until(() => told.contact.includes('back'));
    await publish(told, '2');
    await until(() => heard.got.includes('2'));
    await proxy.close();
  });

  test('one that may not notify any more says so, and goes on when it may', async () => {
    const asNode = new URL(url);
    asNode.username = 'node';
    await server.ask('CREATE ROLE node LOGIN');
    const [told, heard] = [await node(asNode.href), await node()];
    await publish(told, '1');
    await until(() => heard.got.length === 1);
    const { Client } = await import('pg').then((module) => module.default);
    const owner = new Client({ connectionString: url });
    await owner.connect();
    await owner.query('REVOKE EXECUTE ON FUNCTION pg_notify(text, text) FROM PUBLIC');
    await until(() => told.contact.length > 0);
    expect(told.contact[0]).toContain('permission denied');
    await owner.query('GRANT EXECUTE ON FUNCTION pg_notify(text, text) TO PUBLIC');
    await owner.end();
    await until(() => told.contact.includes('back'));
    await publish(told, '2');
    await until(() => heard.got.includes('2'));
  });

  test('a database that cannot be reached is named without a password', async () => {
    const refused = createPostgresBroker({
      url: url.replace(/@.*/, '@127.0.0.1:1/nowhere').replace('postgres@', 'postgres:geheim@'),
    });
    await expect(refused).rejects.toMatchObject({ code: 'broker_unreachable' });
    await expect(refused).rejects.not.toThrow('geheim');
  });
});
