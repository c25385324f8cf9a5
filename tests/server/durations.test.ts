import { createWireClient } from '@everywire/client';
import { createSocketIoGateway } from '@everywire/gateway-socketio';
import { createSockJsGateway } from '@everywire/gateway-sockjs';
import { createWireServer, type WireServerOptions, type WireSession } from '@everywire/server';
import { expect, it } from 'vitest';
import { listen } from './hand-client.js';

// Tests that every duration that an application can set on the server is waited for, or refused by name: a timer of Node
// that gets NaN, a text, or more than 2^31 - 1 ms fires immediately.

const wireOf = (options: Partial<WireServerOptions> = {}): ReturnType<typeof createWireServer> =>
  createWireServer({ onSession: () => undefined, onRestore: () => undefined, ...options });

/** Sets each duration. */
const durations: Readonly<Record<string, (ms: number) => unknown>> = {
  deadlineMs: (ms) => wireOf().close({ deadlineMs: ms }),
  'deadlineMs ': (ms) => wireOf().freeze({ deadlineMs: ms }),
  awayMs: (ms) => wireOf().restore([], { awayMs: ms }),
  'limits.heartbeatMs': (ms) => wireOf({ limits: { heartbeatMs: ms } }),
  'limits.keepAliveMs': (ms) => wireOf({ limits: { keepAliveMs: ms } }),
  pingInterval: (ms) => createSocketIoGateway(wireOf(), { pingInterval: ms }),
  pingTimeout: (ms) => createSocketIoGateway(wireOf(), { pingTimeout: ms }),
  maxDisconnectionDuration: (ms) =>
    createSocketIoGateway(wireOf(), { connectionStateRecovery: { maxDisconnectionDuration: ms } }),
  timeout: (ms) => createSocketIoGateway(wireOf()).timeout(ms),
  heartbeatMs: (ms) => createSockJsGateway(wireOf(), { path: '/a', onConnection: () => undefined, heartbeatMs: ms }),
  disconnectMs: (ms) => createSockJsGateway(wireOf(), { path: '/a', onConnection: () => undefined, disconnectMs: ms }),
};

const wrong = [Number.NaN, -1, '1000' as never];
it.each(Object.keys(durations).flatMap((name) => wrong.map((ms) => [name, ms] as const)))(
  'the duration %s of %j is refused by a RangeError that names it',
  async (name, ms) => {
    const set = async (): Promise<unknown> => durations[name]?.(ms);
    await expect(set()).rejects.toThrow(RangeError);
    await expect(set()).rejects.toThrow(`${name.trim()}: `);
  },
);

it.each(['headersTimeoutMs', 'keepAliveMs', 'tickMs'])('the limit %s is refused if its timer cannot wait', (name) => {
  expect(() => wireOf({ limits: { [name]: 2 ** 31 } })).toThrow(`limits.${name}: `);
});

it('pings of Socket.IO are refused if the timer of a client cannot wait for them', () => {
  const create = (pingInterval: number): unknown => createSocketIoGateway(wireOf(), { pingInterval });
  expect(() => create(2 ** 31 - 1)).toThrow(RangeError);
  expect(() => create(Number.POSITIVE_INFINITY)).toThrow('pingInterval, pingTimeout: ');
  expect(() => create(86_400_000)).not.toThrow();
});

it('a request waits for a time above 2^31 ms, and its timeout is refused if it is not a number', async () => {
  const sessions: WireSession[] = [];
  const server = await listen({ onSession: (session) => void sessions.push(session) });
  const client = createWireClient(server.base);
  client.onrequest = () => new Promise(() => undefined);
  await expect.poll(() => sessions.length).toBe(1);
  const [session] = sessions as [WireSession];
  for (const timeoutMs of wrong) {
    const refused = session.request('q', { timeoutMs });
    await expect(refused).rejects.toThrow(RangeError);
    await expect(refused).rejects.toThrow('timeoutMs: ');
  }
  const ended: number[] = [];
  for (const timeoutMs of [2 ** 31, Number.POSITIVE_INFINITY])
    session.request('q', { timeoutMs }).catch(() => ended.push(timeoutMs));
  const short = session.request('q', { timeoutMs: 30 });
  await expect(short).rejects.toMatchObject({ code: 'timeout' });
  expect(ended).toEqual([]);
  client.terminate();
  await server.end();
});
