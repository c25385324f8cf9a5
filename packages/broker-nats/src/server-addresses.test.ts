import { inspect } from 'node:util';
import { type NatsServer, startNats } from '@everywire/testkit/nats-server';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createNatsBroker } from './index.js';
import { closeNodes, isBack, meet, openNode, publish, until } from './test-kit/node.js';

// Tests the addresses of NATS servers, with user names, passwords and tokens.

afterEach(closeNodes);

describe('a server that asks for credentials', () => {
  const password = 'geheim/+ü';
  const authorization = { user: 'chat', password };
  let server: NatsServer;
  beforeAll(async () => {
    server = await startNats({ authorization });
  });
  afterAll(() => server.stop());
  const at = (credentials: string): string => server.url.replace('://', `://${credentials}@`);
  const right = (): string => at(`chat:${encodeURIComponent(password)}`);

  test('a server that asks for credentials accepts the right ones', async () => {
    await meet([await openNode({ servers: right() }), await openNode({ servers: [server.url, right()] })]);
  });

  test.each([
    ['a wrong password', () => at('chat:hidden-word')],
    ['a wrong token', () => at('hidden-word')],
    ['an address that is not valid', () => 'nats://chat:hidden-word@[nowhere'],
    ['a scheme of something else', () => 'http://chat:hidden-word@127.0.0.1'],
    ['a password that is not encoded', () => at('chat:hidden-word%zz')],
    ['a port where nothing listens', () => 'nats://chat:hidden-word@127.0.0.1:1'],
    ['TLS, where the server speaks none', () => right().replace('nats:', 'tls:').replace('geheim', 'hidden-word')],
  ])('createNatsBroker refuses %s, without a password in the error', async (_, address) => {
    const error = await createNatsBroker({ servers: address() }).catch((refusal: unknown) => refusal);
    expect(error).toMatchObject({ code: 'broker_unreachable' });
    expect(inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain('hidden-word');
  });

  test('a server that rejects credentials for a while is retried until it accepts them', async () => {
    const node = await openNode({ servers: right() });
    await server.kill();
    await server.start({ authorization: { user: 'chat', password: 'another' } });
    await expect
      .poll(async () => (await server.monitor<{ total_connections: number }>('varz')).total_connections, {
        timeout: 20_000,
      })
      .toBeGreaterThan(3);
    await server.kill();
    await server.start({ authorization });
    await until(() => isBack(node));
    await meet([node, await openNode({ servers: right() })]);
  });
});

test('a token is the user of an address without a password', async () => {
  const server = await startNats({ authorization: { token: 'sesame' } });
  onTestFinished(() => server.stop());
  const servers = server.url.replace('://', '://sesame@');
  await meet([await openNode({ servers }), await openNode({ servers })]);
});

test.each(['publish', 'subscribe'])('a user who may not %s has no broker until permitted', async (direction) => {
  const user = (permissions: string): string =>
    `{ users: [{ user: chat, password: s, permissions: { ${permissions} } }] }`;
  const permitted = { settings: { authorization: user('') } };
  const denied = { settings: { authorization: user(`${direction}: { deny: "everywire" }`) } };
  const server = await startNats(denied);
  onTestFinished(() => server.stop());
  const servers = server.url.replace('://', '://chat:s@');
  await expect(createNatsBroker({ servers })).rejects.toThrow(/Permissions Violation.*everywire/);
  await server.kill();
  await server.start(permitted);
  const node = await openNode({ servers });
  await server.kill();
  await server.start(denied);
  await until(() => node.contact.some((text) => text.includes('Permissions Violation')));
  await expect(publish(node, 'refused')).rejects.toMatchObject({ code: 'broker_away' });
  await server.kill();
  await server.start(permitted);
  await until(() => isBack(node));
  await meet([node, await openNode({ servers })]);
});
