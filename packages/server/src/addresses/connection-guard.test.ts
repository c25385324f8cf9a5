import { EventEmitter, once } from 'node:events';
import { createServer, request as httpRequest, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { defaultServerLimits } from '../limits.js';
import { createTimerWheel, type TimerEntry, type TimerWheel } from '../timer-wheel.js';
import { AddressConnections } from './address-connections.js';
import { type ConnectionGuard, guardConnections } from './connection-guard.js';

// Tests `guardConnections`, which closes connections that send no request and limits the connections of one address.

const sockets: Socket[] = [];
let server: Server;
let guard: ConnectionGuard;
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.closeAllConnections();
  server.close();
});

/** A guarded server. `notices` has the codes of what it reported. */
interface Guarded {
  readonly notices: string[];
  readonly port: number;
  /** Opens a connection and sends these first bytes. */
  connected(first?: string): Promise<Socket>;
}

/** Starts a guarded server. @param trusted whether all connections come from a trusted proxy */
async function listen(
  limits: object,
  trusted = false,
  create: (handler: RequestListener) => Server = createServer,
): Promise<Guarded> {
  server = create((request, response) => {
    guard.spoke(request.socket);
    response.end('answered');
  });
  const notices: string[] = [];
  const all = { ...defaultServerLimits, headersTimeoutMs: 10_000, silentPerAddressMax: 100, ...limits };
  guard = guardConnections(server, {
    directSockets: true,
    limits: all,
    connections: new AddressConnections(all),
    wheel: createTimerWheel(5, () => performance.now()),
    isTrusted: () => trusted,
    onNotice: (code) => notices.push(code),
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    notices,
    port,
    async connected(first = ''): Promise<Socket> {
      const socket = connect(port, '127.0.0.1');
      sockets.push(socket);
      socket.on('error', () => undefined);
      const known = once(server, 'connection');
      await known;
      if (first !== '') socket.write(first);
      return socket;
    },
  };
}

/** Returns everything that the connection receives until it is closed. */
async function answer(socket: Socket): Promise<string> {
  const parts: Buffer[] = [];
  socket.on('data', (part) => parts.push(part));
  await once(socket, 'close');
  return Buffer.concat(parts).toString();
}

describe('a guarded connection', () => {
  it('[H9] a connection that never completes its request head is closed in time, with an answer if it began one', async () => {
    const { connected, notices } = await listen({ headersTimeoutMs: 400 });
    const [begun, silent] = [await connected('GET / HTTP/1.1\r\n'), await connected()];
    expect(await Promise.all([answer(begun), answer(silent)])).toEqual([
      expect.stringMatching(/^HTTP\/1\.1 408 .*Connection: close/s),
      '',
    ]);
    expect(notices).toEqual(['head_timeout']);
  });

  it('[H9] a connection that has sent a request is not closed', async () => {
    const { connected, notices } = await listen({ headersTimeoutMs: 400, silentPerAddressMax: 1 });
    const answered = await connected('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(answered, 'data');
    await answer(await connected('GET'));
    expect(answered.destroyed).toBe(false);
    expect(notices).toEqual(['head_timeout']);
  });

  it('[H9] connections without a request are closed, the oldest first, if one address has too many', async () => {
    const { connected, notices } = await listen({ silentPerAddressMax: 2 });
    const first = await connected();
    const others = [await connected(), await connected()];
    await answer(first);
    expect(others.map((one) => one.destroyed)).toEqual([false, false]);
    expect(notices).toEqual(['address_full']);
  });

  it('[W37] a connection that never completes its TLS handshake is closed in time, even if it sends data slowly', async () => {
    const { connected, notices } = await listen(
      { headersTimeoutMs: 600 },
      false,
      (handler) => createTlsServer(handler) as Server,
    );
    const hello = Buffer.from('160301020001000001fc0303', 'hex');
    const [begun, dripping, silent] = [await connected(), await connected(), await connected()];
    begun.write(hello);
    const drip = setInterval(() => dripping.write(hello.subarray(0, 1)), 20);
    await Promise.all([answer(begun), answer(dripping), answer(silent)]);
    clearInterval(drip);
    expect(notices).toContain('head_timeout');
  });

  it('a connection of a trusted proxy does not count against the limit of one address', async () => {
    const { connected, notices } = await listen({ silentPerAddressMax: 1 }, true);
    await connected();
    await connected();
    expect(notices).toEqual([]);
  });

  it('[H9] a silent connection of a trusted proxy is closed in time', async () => {
    const { connected, notices } = await listen({ headersTimeoutMs: 100, silentPerAddressMax: 1 }, true);
    const answers = [answer(await connected()), answer(await connected())];
    expect(await Promise.all(answers)).toEqual(['', '']);
    expect(notices).toEqual([]);
  });

  it('[H28] beyond the share of one address its oldest silent connection is closed, otherwise the new one', async () => {
    const { connected, notices } = await listen({ connectionsMax: 4 });
    /** Opens a connection and gets an answer on it. */
    const connectAndAsk = async (): Promise<Socket> => {
      const socket = await connected('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      await once(socket, 'data');
      return socket;
    };
    const first = await connectAndAsk();
    const silent = await connected();
    const third = await connectAndAsk();
    const closed = answer(silent);
    const fourth = await connectAndAsk();
    expect(await closed).toBe('');
    expect(await answer(await connected('GET'))).toBe('');
    expect([first, third, fourth].map((one) => one.destroyed)).toEqual([false, false, false]);
    expect(notices).toEqual(['address_full', 'address_full']);
    first.destroy();
    await once(first, 'close');
    await vi.waitFor(() => connectAndAsk());
  });

  it('[H21] a connection beyond the limit of the process is closed immediately, and the others continue', async () => {
    const { connected, notices, port } = await listen({ connectionsMax: 2, connectionsPerAddressMax: 100 });
    await connected();
    const second = await connected();
    const refused = connect(port, '127.0.0.1');
    refused.on('error', () => undefined);
    await once(refused, 'close');
    expect(notices).toEqual(['connections_full']);
    second.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(await answer(second)).toContain('answered');
  });
});

describe('guarding an http server', () => {
  it('[W37] a connection with a TLS request is not closed if another one had the same port just before', () => {
    const waiting = new Set<TimerEntry>();
    const wheel: TimerWheel = {
      schedule: (entry) => void waiting.add(entry),
      cancel: (entry) => void waiting.delete(entry),
      stop: () => undefined,
    };
    // An https server of which the test emits the events itself.
    server = Object.assign(createTlsServer(), { closeAllConnections: () => undefined });
    server.removeAllListeners();
    guard = guardConnections(server, {
      directSockets: false,
      wheel,
      isTrusted: () => false,
      onNotice: () => undefined,
      limits: { headersTimeoutMs: 100, keepAliveMs: 72_000, silentPerAddressMax: 100 },
      connections: new AddressConnections(defaultServerLimits),
    });
    const socketOf = () => Object.assign(new EventEmitter(), { remoteAddress: '::1', remotePort: 50_000 }) as Socket;
    const [before, now, secured] = [socketOf(), socketOf(), socketOf()];
    server.emit('connection', before);
    server.emit('connection', now);
    before.emit('close', false);
    expect(waiting.size).toBe(1);
    server.emit('secureConnection', secured);
    guard.spoke(secured);
    expect(waiting.size).toBe(0);
  });

  it('[H9] addresses of one IPv6 /64 count as one', async () => {
    const { notices } = await listen({ silentPerAddressMax: 2 });
    // Sockets with addresses that this machine does not have; the http server itself does not see them.
    const [countIt] = server.listeners('connection') as ((socket: Socket) => void)[];
    const closed = ['2001:db8::1', '2001:db8::2', '2001:db8:0:1::1', '2001:db8:0:0:ffff::3'].map((remoteAddress) => {
      const destroy = vi.fn();
      countIt?.(Object.assign(new EventEmitter(), { remoteAddress, remotePort: 1, destroy }) as unknown as Socket);
      return destroy.mock;
    });
    expect(closed.map(({ calls }) => calls.length)).toEqual([1, 0, 0, 0]);
    expect(notices).toEqual(['address_full']);
  });

  it('the http server gets its timeouts and connection limit, and its own values back', async () => {
    await listen({ headersTimeoutMs: 7_000 });
    const { headersTimeout, keepAliveTimeout, maxConnections } = server;
    expect([headersTimeout, keepAliveTimeout]).toEqual([7_000, 72_000]);
    // Derived from the limit of open files, if that is known.
    expect(maxConnections === undefined || maxConnections > 0).toBe(true);
    guard.giveBack();
    expect([server.headersTimeout, server.keepAliveTimeout]).toEqual([60_000, 5_000]);
    expect(server.listenerCount('connection')).toBe(createServer().listenerCount('connection'));
  });

  it('limits of 0 and longer timeouts of the http server leave its values unchanged', async () => {
    await listen({ headersTimeoutMs: 0, keepAliveMs: 0 });
    expect([server.headersTimeout, server.keepAliveTimeout]).toEqual([60_000, 5_000]);
    const { port } = server.address() as AddressInfo;
    const [response] = await once(httpRequest({ port, host: '127.0.0.1' }).end(), 'response');
    response.resume();
  });
});
