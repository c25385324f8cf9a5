import { createMemoryBroker } from '@everywire/broker-memory';
import { createWireClient } from '@everywire/client';
import type { Broker, RawLink, TopicListener, WireServerOptions, WireSession } from '@everywire/server';
import { describe, expect, it, onTestFinished } from 'vitest';
import WebSocket from 'ws';
import {
  type CasePerFunction,
  type CasePerHandler,
  type Failing,
  failOnUncaught,
  waysToFail,
} from '../failing-functions.js';
import { eventually, HandClient, type Listening, listen } from './hand-client.js';

// No function of an application ends the process: whatever it throws, and whenever, is the affair of that session or call.

failOnUncaught();

/** Calls the failing function, and returns the server whose counters must have the code. */
interface Case {
  readonly code: string;
  run(fail: Failing): Promise<Listening>;
}

async function start(options: Partial<WireServerOptions> = {}): Promise<Listening> {
  const server = await listen({ onRestore: () => undefined, ...options });
  onTestFinished(() => server.end());
  return server;
}

/** Opens a WebSocket that asks for a session, whatever becomes of it. */
async function ask(server: Listening): Promise<HandClient> {
  const client = new HandClient(server.port);
  onTestFinished(() => client.socket.terminate());
  await client.opened();
  client.record({ t: 'open', version: 2, nonce: `nonce-${Math.random().toString(36).slice(2)}-of-a-test` });
  return client;
}

/** Starts a server with the option, and asks for a session. */
const onOpen =
  (option: (fail: Failing) => Partial<WireServerOptions>) =>
  async (fail: Failing): Promise<Listening> => {
    const server = await start(option(fail));
    await ask(server);
    return server;
  };

/** Opens a session with the handlers, and acts with it. */
const onSession =
  (set: (session: WireSession, fail: Failing) => void, act: (client: HandClient, session: WireSession) => unknown) =>
  async (fail: Failing): Promise<Listening> => {
    const sessions: WireSession[] = [];
    const server = await start({
      onSession: (session) => {
        sessions.push(session);
        set(session, fail);
      },
    });
    const client = await HandClient.join(server.port);
    onTestFinished(() => client.socket.terminate());
    await act(client, sessions[0] as WireSession);
    return server;
  };

const sends = (client: HandClient): void => client.send('x');

/** Opens a raw link with a message. */
const rawLink =
  (path: string, option: (fail: Failing) => Partial<WireServerOptions>) =>
  async (fail: Failing): Promise<Listening> => {
    const server = await start({ onRawLink: ({ topics }) => topics, ...option(fail) });
    if (path === 'raw-event-stream') {
      const abort = new AbortController();
      onTestFinished(() => abort.abort());
      fetch(`${server.base}/${path}?topic=a`, { signal: abort.signal }).catch(() => undefined);
      return server;
    }
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/everywire/${path}?topic=a`);
    socket.on('error', () => undefined);
    socket.on('open', () => socket.send('x'));
    onTestFinished(() => socket.terminate());
    return server;
  };

/** Freezes a session, and restores it in the next server. */
async function freeze(
  one: Partial<WireServerOptions>,
  two: Partial<WireServerOptions>,
): Promise<readonly [Listening, Listening]> {
  const from = await start(one);
  const client = await HandClient.join(from.port);
  onTestFinished(() => client.socket.terminate());
  const frozen = await from.wire.freeze({ deadlineMs: 1_000 });
  const to = await start(two);
  to.wire.restore(frozen, { awayMs: 1 });
  return [from, to];
}

const options: CasePerFunction<WireServerOptions, Case> = {
  authenticate: { code: 'authenticate_failed', run: onOpen((authenticate) => ({ authenticate })) },
  hasHistory: { code: 'handler_failed', run: rawLink('raw-event-stream', (hasHistory) => ({ hasHistory })) },
  now: {
    code: 'handler_failed',
    run: async (fail) => {
      let now = (): number => performance.now();
      const server = await start({ now: () => now() });
      now = fail;
      await ask(server);
      await eventually(() => server.wire.counters()['handler_failed']);
      now = () => performance.now();
      return server;
    },
  },
  onBrokerGap: {
    code: 'handler_failed',
    run: async (onBrokerGap) => {
      const broker = createMemoryBroker();
      const server = await start({ broker, onBrokerGap });
      broker.onGap?.();
      return server;
    },
  },
  onFreeze: { code: 'handler_failed', run: async (onFreeze) => (await freeze({ onFreeze }, {}))[0] },
  onNotice: {
    code: 'notice_failed',
    run: onOpen((onNotice) => ({ onNotice, authenticate: waysToFail['throws'] as Failing })),
  },
  onRawLink: { code: 'raw_link_failed', run: rawLink('raw-websocket', (onRawLink) => ({ onRawLink })) },
  onRawMessage: { code: 'handler_failed', run: rawLink('raw-websocket', (onRawMessage) => ({ onRawMessage })) },
  onRestore: { code: 'handler_failed', run: async (onRestore) => (await freeze({}, { onRestore }))[1] },
  onSession: {
    code: 'handler_failed',
    run: async (fail) => {
      const server = await start({ onSession: fail });
      const client = await ask(server);
      await client.heard('opened');
      client.attach(1);
      return server;
    },
  },
  policy: {
    code: 'policy_failed',
    run: async (policy) => {
      const server = await start({ policy });
      const client = await HandClient.join(server.port);
      onTestFinished(() => client.socket.terminate());
      client.send('x');
      return server;
    },
  },
};

const handlers: CasePerHandler<WireSession, Case> = {
  onMessage: {
    code: 'handler_failed',
    run: onSession((session, fail) => {
      session.onMessage = fail;
    }, sends),
  },
  onRequest: {
    code: 'handler_failed',
    run: async (fail) => {
      const server = await start({
        onSession: (session) => {
          session.onRequest = fail;
        },
      });
      const client = createWireClient(server.base, { transports: ['websocket'] });
      onTestFinished(() => client.terminate());
      await expect(client.request('x')).rejects.toMatchObject({ code: 'internal' });
      return server;
    },
  },
  onClose: {
    code: 'handler_failed',
    run: onSession(
      (session, fail) => {
        session.onClose = fail;
      },
      (_, session) => session.end('policy'),
    ),
  },
  onDrain: {
    code: 'handler_failed',
    run: onSession(
      (session, fail) => {
        session.onDrain = fail;
      },
      async (client, session) => {
        client.acknowledges = false;
        while (session.send('x'));
        await eventually(() => client.got.length > 0);
        await eventually(() => client.got.length >= 256);
        client.acknowledge();
      },
    ),
  },
  onTransport: {
    code: 'handler_failed',
    run: onSession(
      (session, fail) => {
        session.onTransport = fail;
      },
      () => undefined,
    ),
  },
};

const listeners: CasePerFunction<TopicListener, Case> = {
  onMessage: { code: 'handler_failed', run: (fail) => listening({ onMessage: fail, onMissed: () => undefined }) },
  onMissed: { code: 'handler_failed', run: (fail) => listening({ onMessage: () => undefined, onMissed: fail }) },
};

/** Publishes to a listener on another node, and tells it of a gap. */
async function listening(listener: TopicListener): Promise<Listening> {
  const broker = createMemoryBroker();
  const server = await start({ broker });
  server.wire.listen('a', listener);
  broker.onPublication?.({ topics: ['a'], data: 'x', class: 'durable' });
  broker.onGap?.();
  return server;
}

const brokerCalls: Omit<CasePerFunction<Broker, Case>, 'close' | 'onGap' | 'onPublication'> = {
  publish: { code: 'broker_failed', run: (publish) => withBroker({ publish }) },
  subscribe: { code: 'broker_failed', run: (subscribe) => withBroker({ subscribe }) },
  unsubscribe: { code: 'broker_failed', run: (unsubscribe) => withBroker({ unsubscribe }) },
};

async function withBroker(calls: Partial<Broker>): Promise<Listening> {
  const server = await start({ broker: Object.assign(createMemoryBroker(), calls) });
  server.wire.listen('a', { onMessage: () => undefined, onMissed: () => undefined })();
  server.wire.publish('a', 'x');
  return server;
}

/** Functions that are given to a call. A `match` is called again after the answer that it revokes. */
const calls: Readonly<Record<string, Case>> = {
  watchMembers: {
    code: 'handler_failed',
    run: async (fail) => {
      const server = await start({ onSession: (session) => session.join('a') });
      server.wire.watchMembers('a', fail);
      await HandClient.join(server.port);
      return server;
    },
  },
  'revoke, while authenticate is pending': {
    code: 'handler_failed',
    run: async (fail) => {
      const pending: ((claims: { subject: string }) => void)[] = [];
      const server = await start({ authenticate: () => new Promise((resolve) => pending.push(resolve)) });
      await ask(server);
      await eventually(() => pending.length > 0);
      try {
        server.wire.revoke(fail);
      } catch {
        // No session matches yet, so only the later call can fail.
      }
      pending[0]?.({ subject: 'ann' });
      return server;
    },
  },
};

const table: Readonly<Record<string, Readonly<Record<string, Case>>>> = {
  option: options,
  'handler of a session': handlers,
  'listener of a topic': listeners,
  'broker’s': brokerCalls,
  'argument of': calls,
};
const rows = Object.entries(table).flatMap(([kind, cases]) =>
  Object.entries(cases).map(([name, { code, run }]) => ({ function: `${kind} ${name}`, code, run })),
);

describe.each(rows)('the $function', ({ code, run }) => {
  it.each(Object.entries(waysToFail))(
    'a function of the application that fails is reported, and the server goes on: %s',
    async (_, fail) => {
      const server = await run(fail);
      await eventually(() => server.wire.counters()[code]);
      const raw: RawLink[] = [...server.wire.rawLinks()];
      for (const link of raw) link.end('policy');
      expect(await (await fetch(`${server.base}/nothing`)).status).toBe(404);
    },
  );
});
