import { createWireClient, type WireClient, type WireClientOptions } from '@everywire/client';
import type { WireServerOptions } from '@everywire/server';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  type CasePerFunction,
  type CasePerHandler,
  type Failing,
  failOnUncaught,
  waysToFail,
} from '../failing-functions.js';
import { eventually, listen } from '../server/hand-client.js';

// The functions of an application at the client, as `tests/server/failing-functions.test.ts` for the server.

failOnUncaught();

/** Starts a server that answers `x` with `y`, and a client. */
async function connect(options: WireClientOptions, more: Partial<WireServerOptions> = {}): Promise<WireClient> {
  const server = await listen({
    onSession: (session) => {
      session.join('hints');
      session.onMessage = (data) => {
        if (data === 'ask') void session.request('q').catch(() => undefined);
        session.send('y');
      };
    },
    ...more,
  });
  onTestFinished(() => server.end());
  const client = createWireClient(server.base, options);
  onTestFinished(() => client.terminate());
  return client;
}

const websocket = { transports: ['websocket'] } as const;

/** Sets a handler, lets it fail, and shows that messages go on: another listener gets one. */
const handler =
  (name: keyof CasePerHandler<WireClient, unknown>, provoke: (client: WireClient) => unknown) =>
  async (fail: Failing): Promise<void> => {
    const report = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    onTestFinished(() => report.mockRestore());
    const client = await connect(websocket, {
      policy: (_, action) => (action.kind === 'message' && action.data === 'forbidden' ? 'forbidden' : true),
    });
    const got: string[] = [];
    client[name] = fail;
    client.addEventListener('message', ({ data }) => got.push(data));
    provoke(client);
    await eventually(() => report.mock.calls.length > 0);
    if (client.readyState !== 1) return;
    client.send('x');
    await eventually(() => got.includes('y'));
  };

const handlers: CasePerHandler<WireClient, (fail: Failing) => Promise<void>> = {
  onopen: handler('onopen', () => undefined),
  onmessage: handler('onmessage', (client) => client.send('x')),
  onerror: handler('onerror', (client) => client.terminate()),
  onclose: handler('onclose', (client) => client.terminate()),
  onstatuschange: handler('onstatuschange', () => undefined),
  ondrain: handler('ondrain', (client) => client.dispatchEvent(new Event('drain'))),
  onreset: handler('onreset', (client) => client.dispatchEvent(new Event('reset'))),
  onrefused: handler('onrefused', (client) => client.send('forbidden')),
  onrequest: handler('onrequest', (client) => client.send('ask')),
};

const options: CasePerFunction<WireClientOptions, (fail: Failing) => Promise<void>> = {
  token: async (token) => {
    const client = await connect({ token, ...websocket });
    await eventually(() => client.status.state === 'closed' && client.status.verdict.code === 'unauthorized');
  },
  fetch: async (fetch) => {
    const client = await connect({ fetch, transports: ['long-poll'] });
    await eventually(() => 'attempts' in client.status && client.status.attempts.length > 0);
  },
};

const rows = Object.entries({ ...handlers, ...options }).map(([name, run]) => ({ function: name, run }));

describe.each(rows)('the client’s $function', ({ run }) => {
  it.each(Object.entries(waysToFail))(
    'a function at a client that fails ends neither the process nor the rest: %s',
    (_, fail) => run(fail),
  );
});

it('a storage that fails is not used', async () => {
  for (const fail of Object.values(waysToFail)) {
    const client = await connect({ ...websocket, storage: { getItem: fail, setItem: fail } });
    await eventually(() => client.readyState === 1);
  }
});

it('a `fetch` that resolves to no response fails the attempt only', async () => {
  const unreadable = {
    get ok() {
      throw new Error('unreadable');
    },
  };
  for (const answer of [undefined, null, {}, unreadable]) {
    const client = await connect({ fetch: async () => answer as unknown as Response, transports: ['long-poll'] });
    await eventually(() => 'attempts' in client.status && client.status.attempts.length > 0);
  }
});

it('a signal that is none rejects the call only', async () => {
  const client = await connect(websocket);
  const signal = { aborted: true } as AbortSignal;
  await expect(client.send('x', { until: 'peer', signal })).rejects.toThrow(TypeError);
  await expect(client.request('x', { signal })).rejects.toThrow(TypeError);
});

it('a signal that fails later settles the call, at both ends', async () => {
  const signal = {
    addEventListener: () => undefined,
    removeEventListener: () => {
      throw new Error('failing signal');
    },
  } as unknown as AbortSignal;
  const answers: unknown[] = [];
  const client = await connect(websocket, {
    onSession: (session) => {
      session.onMessage = () => undefined;
      session.onRequest = (data) => data;
      session.request('q', { signal }).then((reply) => answers.push(reply));
      session.send('x', { until: 'peer', signal }).then(() => answers.push('settled'));
    },
  });
  client.onrequest = () => 'r';
  await client.send('x', { until: 'peer', signal });
  expect(await client.request('x', { signal })).toBe('x');
  await eventually(() => answers.length === 2);
});
