import { createMemoryBroker, createMemoryExchange } from '@everywire/broker-memory';
import type { Broker, WireSession } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, HandClient, type Listening, listen } from './hand-client.js';

const servers: Listening[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.end();
});

/** Starts a server. `opened` has its sessions. */
async function start(
  options: Parameters<typeof listen>[0] = {},
): Promise<Listening & { readonly opened: WireSession[] }> {
  const opened: WireSession[] = [];
  const server = await listen({ onSession: (session) => void opened.push(session), ...options });
  servers.push(server);
  return { ...server, opened };
}

/** Opens a session that joins the topics. */
async function member(
  server: Awaited<ReturnType<typeof start>>,
  ...topics: string[]
): Promise<[HandClient, WireSession]> {
  const client = await HandClient.join(server.port);
  const session = server.opened.at(-1) as WireSession;
  for (const topic of topics) session.join(topic);
  return [client, session];
}

/** Limits that a few messages reach. */
const SMALL = { down: { messages: 4, bytes: 70_000 }, bufferMessagesMax: 6, bufferBytesMax: 200_000 };

describe.each(['local', 'memory broker'])('topics, %s', (kind) => {
  const broker = (): { broker?: Broker } => (kind === 'local' ? {} : { broker: createMemoryBroker() });

  it('a publication reaches the members of its topic, and no one else', async () => {
    const server = await start(broker());
    const [a, sessionA] = await member(server, 'x', 'y');
    const [b] = await member(server, 'y');
    server.wire.publish('x', 'to x');
    server.wire.publish('y', 'to y');
    server.wire.publish('z', 'to nobody');
    await eventually(() => a.got.length === 2 && b.got.length === 1);
    expect([a.got, b.got]).toEqual([['to x', 'to y'], ['to y']]);
    sessionA.leave('y');
    sessionA.leave('never joined');
    server.wire.publish('y', 'again');
    server.wire.publish('x', 'last');
    await eventually(() => a.got.length === 3 && b.got.length === 2);
    expect(a.got).toEqual(['to x', 'to y', 'last']);
  });

  it('two topics whose names and conflation keys are the same when joined keep their own newest publications', async () => {
    const server = await start({ ...broker(), limits: { ...SMALL, bufferMessagesMax: 100 } });
    const [client] = await member(server, 'x', 'x\0y');
    client.acknowledges = false;
    for (let number = 0; number < 4; number++) server.wire.publish('x', `fills the window ${number}`);
    server.wire.publish('x', 'of x', { conflate: 'y\0z' });
    server.wire.publish('x\0y', 'of the other', { conflate: 'z' });
    await eventually(() => client.got.length === 4);
    client.acknowledge();
    await eventually(() => client.got.includes('of the other'));
    expect(client.got.slice(4)).toEqual(['of x', 'of the other']);
  });

  it('a conflated publication replaces an unwritten one of its own topic only', async () => {
    const server = await start({ ...broker(), limits: { ...SMALL, bufferMessagesMax: 20 } });
    const [client] = await member(server, 'x', 'y');
    client.acknowledges = false;
    for (let number = 0; number < SMALL.down.messages; number++) server.wire.publish('x', String(number));
    await eventually(() => client.got.length === SMALL.down.messages);
    for (const round of ['old', 'new']) {
      for (const topic of ['x', 'y']) server.wire.publish(topic, `${round} of ${topic}`, { conflate: 'key' });
      await new Promise((resolve) => setImmediate(resolve));
    }
    client.acknowledge();
    await eventually(() => client.got.at(-1) === 'new of y');
    expect(client.got.slice(SMALL.down.messages)).toEqual(['new of x', 'new of y']);
  });

  it('a publication reaches a session once, and skips the excepted one', async () => {
    const server = await start(broker());
    const [a, sessionA] = await member(server, 'x', 'x');
    const [b] = await member(server, 'x');
    server.wire.publish('x', 'for b', { except: sessionA });
    server.wire.publish('x', Uint8Array.of(1, 2));
    await eventually(() => a.got.length === 1 && b.got.length === 2);
    expect(a.got).toEqual([Uint8Array.of(1, 2)]);
    expect(b.got).toEqual(['for b', Uint8Array.of(1, 2)]);
  });

  it('a topic forgets a session that has ended', async () => {
    const server = await start(broker());
    const [a, sessionA] = await member(server, 'x');
    sessionA.end('policy');
    await a.heard('closed');
    sessionA.join('x');
    server.wire.publish('x', 'nobody hears');
    const [b] = await member(server, 'x');
    server.wire.publish('x', 'b hears');
    await eventually(() => b.got.length === 1);
    expect([a.got, b.got]).toEqual([[], ['b hears']]);
  });

  it('[SN-23.4] a full durable subscriber ends with overflow; the others get everything', async () => {
    const server = await start({ ...broker(), limits: SMALL });
    const [slow] = await member(server, 'x');
    const [good] = await member(server, 'x');
    slow.acknowledges = false;
    good.acknowledges = true;
    for (let i = 0; i < 10; i++) {
      server.wire.publish('x', String(i));
      await eventually(() => good.got.length === i + 1);
      good.acknowledge();
    }
    expect(await slow.heard('closed')).toMatchObject({ clean: false, code: 'overflow' });
    expect(good.got).toEqual(Array.from({ length: 10 }, (_, i) => String(i)));
    expect(slow.got).toEqual(['0', '1', '2', '3']);
  });

  it('[SN-23.5] a full hint subscriber loses messages, gets one reset that names the topic, and continues', async () => {
    const server = await start({ ...broker(), limits: SMALL });
    const [slow, session] = await member(server, 'x', 'end');
    slow.acknowledges = false;
    for (let i = 0; i < 12; i++) server.wire.publish('x', String(i), { class: 'hint' });
    await eventually(() => slow.got.length === 4);
    slow.acknowledge();
    await eventually(() => slow.got.length === 6);
    slow.acknowledge();
    expect(await slow.heard('reset')).toMatchObject({ topic: 'x', no: 1 });
    server.wire.publish('end', 'end');
    await eventually(() => slow.got.includes('end'));
    expect(slow.got).toEqual(['0', '1', '2', '3', '4', '5', 'end']);
    expect(slow.records.filter((record) => record['t'] === 'reset')).toHaveLength(1);
    expect(session.transport).toBe('websocket');
  });

  it('[SN-23.5] a full ephemeral subscriber loses messages without a reset', async () => {
    const server = await start({ ...broker(), limits: SMALL });
    const [slow] = await member(server, 'x');
    slow.acknowledges = false;
    for (let i = 0; i < 12; i++) server.wire.publish('x', String(i), { class: 'ephemeral' });
    await eventually(() => slow.got.length === 4);
    slow.acknowledge();
    await eventually(() => slow.got.length === 6);
    slow.acknowledge();
    server.wire.publish('x', 'end');
    await eventually(() => slow.got.includes('end'));
    expect(slow.records.filter((record) => record['t'] === 'reset')).toHaveLength(0);
  });
});

describe('topics', () => {
  it('[SN-26.2] publications cross nodes in the order of their publisher', async () => {
    const exchange = createMemoryExchange();
    const one = await start({ broker: createMemoryBroker(exchange) });
    const two = await start({ broker: createMemoryBroker(exchange) });
    const [a, sessionA] = await member(one, 'x');
    const [b] = await member(two, 'x');
    for (let i = 0; i < 50; i++) one.wire.publish('x', String(i), { except: sessionA });
    await eventually(() => b.got.length === 50);
    expect(b.got).toEqual(Array.from({ length: 50 }, (_, i) => String(i)));
    two.wire.publish('x', 'back');
    await eventually(() => a.got.length === 1);
    expect(a.got).toEqual(['back']);
  });

  it('[SN-26.1] one publish may name several topics, and is delivered in order on every node', async () => {
    const exchange = createMemoryExchange();
    const [one, two] = [
      await start({ broker: createMemoryBroker(exchange) }),
      await start({ broker: createMemoryBroker(exchange) }),
    ];
    const [a] = await member(one, 'x', 'y');
    const [b] = await member(two, 'y');
    one.wire.publish(['y', 'nobody', 'x'], 'several');
    one.wire.publish('y', 'end');
    for (const client of [a, b]) await eventually(() => client.got.includes('end'));
    expect([a.got, b.got]).toEqual([
      ['several', 'several', 'end'],
      ['several', 'end'],
    ]);
    expect(() => one.wire.publish(['x', ''], 'never')).toThrow(expect.objectContaining({ code: 'topic_invalid' }));
    expect(() => one.wire.publish(7 as never, 'never')).toThrow(expect.objectContaining({ code: 'topic_invalid' }));
  });

  it('[SN-26.3] members get a reset when the broker lost contact', async () => {
    const broker = createMemoryBroker();
    const server = await start({ broker });
    const [a] = await member(server, 'x', 'y');
    broker.onGap?.();
    await eventually(() => a.records.filter((record) => record['t'] === 'reset').length === 2);
    expect(a.records.filter((record) => record['t'] === 'reset').map((record) => record['topic'])).toEqual(['x', 'y']);
  });

  it('a topic without members is unsubscribed at the broker', async () => {
    const calls: string[] = [];
    const broker = createMemoryBroker();
    const { subscribe, unsubscribe } = broker;
    broker.subscribe = (topic) => {
      calls.push(`+${topic}`);
      return subscribe(topic);
    };
    broker.unsubscribe = (topic) => {
      calls.push(`-${topic}`);
      return unsubscribe(topic);
    };
    const server = await start({ broker });
    const [, first] = await member(server, 'x');
    const [, second] = await member(server, 'x');
    first.leave('x');
    second.leave('x');
    second.join('x');
    second.end('policy');
    await eventually(() => calls.length === 4);
    expect(calls).toEqual(['+x', '-x', '+x', '-x']);
  });

  it.each([
    ['subscribe', ['x']],
    ['publish', []],
    ['unsubscribe', []],
  ] as const)(
    'a broker that fails to %s is reported, and members who may have missed something get a reset',
    async (method, missed) => {
      const broker = createMemoryBroker();
      broker[method] = () => Promise.reject(new Error('no route to the broker'));
      const server = await start({ broker });
      const [client, session] = await member(server, 'x');
      if (method === 'publish') server.wire.publish('x', 'here');
      if (method === 'unsubscribe') session.leave('x');
      await eventually(() => server.notices.length > 0);
      expect(server.notices).toEqual([
        expect.objectContaining({ code: 'broker_failed', text: `${method}: Error: no route to the broker` }),
      ]);
      session.send('end');
      await eventually(() => client.got.includes('end'));
      expect(client.got).toEqual(method === 'publish' ? ['here', 'end'] : ['end']);
      expect(client.records.filter((record) => record['t'] === 'reset').map((record) => record['topic'])).toEqual(
        missed,
      );
    },
  );

  it('the names, numbers and messages of topics are limited', async () => {
    const server = await start({ limits: { topicsPerSessionMax: 2, topicLengthMax: 4 } });
    const [, session] = await member(server, 'a', 'b');
    session.join('a');
    expect(() => session.join('c')).toThrow(expect.objectContaining({ code: 'too_many_topics' }));
    expect(() => session.join('abcde')).toThrow(expect.objectContaining({ code: 'topic_invalid' }));
    expect(() => server.wire.publish('', 'x')).toThrow(expect.objectContaining({ code: 'topic_invalid' }));
    expect(() => session.send('x'.repeat(65_537))).toThrow(expect.objectContaining({ code: 'message_too_big' }));
  });

  it('[SN-23.2] send returns when to wait, and throws when the buffer is full', async () => {
    const server = await start({ limits: SMALL });
    const [client, session] = await member(server);
    client.acknowledges = false;
    const results = Array.from({ length: 6 }, (_, i) => session.send(String(i)));
    expect(results).toEqual([true, true, true, true, false, false]);
    expect(() => session.send('one too many')).toThrow(expect.objectContaining({ code: 'buffer_full' }));
    expect(session.bufferedAmount).toBe(6);
  });
});
