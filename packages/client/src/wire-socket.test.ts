import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryServer } from './test-kit/memory-server.js';
import type { WireClientOptions } from './wire-client.js';
import { WireSocket } from './wire-socket.js';

// Tests `WireSocket`, the client's public interface, which resembles `WebSocket`. `MemoryServer` is a server with real
// sessions in this process, over a simulated network; time is virtual.

let server: MemoryServer;
let wires: WireSocket[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] });
  server = new MemoryServer();
  wires = [];
});

afterEach(() => {
  server.stop();
  vi.useRealTimers();
});

/** Advances the virtual time by milliseconds. */
const pass = async (ms: number): Promise<void> => {
  await vi.advanceTimersByTimeAsync(ms);
};

/** Connects a client. `messages` are the data of its messages, `events` its other events, as texts. */
function connect(options: WireClientOptions = {}): { wire: WireSocket; messages: unknown[]; events: string[] } {
  const wire = new WireSocket('http://test/everywire', server.table(), options);
  const messages: unknown[] = [];
  const events: string[] = [];
  wire.onmessage = ({ data }) => messages.push(data);
  for (const type of ['open', 'error', 'drain']) wire.addEventListener(type, () => events.push(type));
  wire.onclose = ({ code, reason, wasClean }) => events.push(`close ${code} ${reason} ${wasClean}`);
  wires.push(wire);
  return { wire, messages, events };
}

describe('WireSocket', () => {
  it('a WireSocket opens once and carries messages in both directions', async () => {
    const { wire, messages, events } = connect();
    expect(wire.readyState).toBe(wire.CONNECTING);
    expect(wire.status).toEqual({ state: 'connecting', attempts: [] });
    await pass(100);
    expect(wire.readyState).toBe(wire.OPEN);
    expect(wire.transport).toBe('websocket');
    wire.send('up');
    server.send('down');
    await pass(100);
    expect(server.received).toEqual(['up']);
    expect(messages).toEqual(['down']);
    expect(events).toEqual(['open']);
  });

  it('[SN-36.2] each session opens with a new nonce of four random 32-bit words', async () => {
    connect();
    connect();
    await pass(50);
    const nonces = [...server.registry.sessions()].map(({ nonce }) => nonce);
    expect(new Set(nonces).size).toBe(2);
    for (const nonce of nonces) expect(nonce).toMatch(/^\d+-\d+-\d+-\d+$/);
  });

  it('[SN-1] messages sent before the open keep their order', async () => {
    const { wire } = connect();
    wire.send('1');
    wire.send('2');
    await pass(50);
    wire.send('3');
    await pass(100);
    expect(server.received).toEqual(['1', '2', '3']);
  });

  it('[SN-4.13] terminate ends the session immediately, and no buffered message is sent when the network returns', async () => {
    const { wire, events } = connect();
    await pass(100);
    for (const name of ['websocket', 'fetch-stream', 'event-stream', 'long-poll', 'post'] as const)
      server.faults.set(name, 'refuse');
    server.cut();
    await pass(1_000);
    wire.send('abandoned');
    wire.terminate();
    expect([wire.readyState, events]).toEqual([wire.CLOSED, ['open', 'error', 'close 4000 aborted false']]);
    expect(wire.send('later')).toBe(false);
    await pass(1_000);
    const connects = server.connects.length;
    server.faults.clear();
    await pass(60_000);
    // Not even a close is sent.
    expect([server.received, server.connects.length - connects]).toEqual([[], 0]);
  });

  it('[SN-4.13] terminate notifies a reachable server', async () => {
    const { wire } = connect();
    await pass(100);
    expect(server.session).toBeDefined();
    wire.terminate();
    await pass(100);
    expect(server.session).toBeUndefined();
  });

  it('[SN-1] a Blob keeps its place in the order, and memory that the caller continues to use is copied', async () => {
    const { wire } = connect();
    await pass(100);
    const bytes = new Uint8Array([1, 2, 3, 4]);
    wire.send('first');
    wire.send(new Blob(['blob']));
    wire.send(bytes.subarray(1, 3));
    wire.send('last');
    bytes.fill(9);
    expect(wire.bufferedAmount).toBe(5 + 4 + 2 + 4);
    await vi.waitFor(() => expect(server.received.length).toBe(4), { interval: 10, timeout: 10_000 });
    expect(server.received).toEqual(['first', new TextEncoder().encode('blob'), new Uint8Array([2, 3]), 'last']);
    await pass(20_000);
    expect(wire.bufferedAmount).toBe(0);
  });

  it('binary messages have the type of binaryType', async () => {
    const { wire, messages } = connect();
    await pass(100);
    const { messageFromBytes } = await import('@everywire/protocol/internal');
    server.session?.send(messageFromBytes(new Uint8Array([1, 2])));
    await pass(100);
    wire.binaryType = 'arraybuffer';
    server.session?.send(messageFromBytes(new Uint8Array([3])));
    await pass(100);
    expect(messages[0]).toBeInstanceOf(Blob);
    expect(new Uint8Array(await (messages[0] as Blob).arrayBuffer())).toEqual(new Uint8Array([1, 2]));
    expect(messages[1]).toBeInstanceOf(ArrayBuffer);
  });

  it('[SN-23.2] send returns false above the window and throws above the limit, and drain fires at half', async () => {
    const { wire, events } = connect();
    await pass(100);
    const results = Array.from({ length: 300 }, () => wire.send('x'));
    expect(results.indexOf(false)).toBe(256);
    expect(() => {
      for (;;) wire.send('x');
    }).toThrow('buffer_full');
    expect(events).toEqual(['open']);
    await pass(5000);
    expect(events).toEqual(['open', 'drain']);
    expect(server.received.length).toBe(4096);
  });

  it('[SN-22.1] a message above the server’s limit is refused and not sent', async () => {
    const { wire } = connect();
    await pass(100);
    expect(() => wire.send('x'.repeat(65_537))).toThrow('message_too_big');
    expect(wire.bufferedAmount).toBe(0);
  });

  it('[SN-6.1] a message is acknowledged only after its handlers have returned', async () => {
    const { wire } = connect();
    await pass(100);
    const settled: number[] = [];
    wire.onmessage = () => settled.push(server.session?.flow.outgoing.acked ?? -1);
    for (let i = 0; i < 64; i++) server.send('x');
    await pass(100);
    expect(settled[63]).toBe(0);
    expect(server.session?.flow.outgoing.acked).toBe(64);
  });

  it('[SN-4.6] close ends cleanly with the given code after everything was delivered', async () => {
    const { wire, events } = connect();
    await pass(100);
    for (let i = 0; i < 100; i++) wire.send(`${i}`);
    wire.close(3001, 'done');
    expect(wire.readyState).toBe(wire.CLOSING);
    expect(wire.status).toEqual({ state: 'closing' });
    expect(wire.send('late')).toBe(false);
    await pass(1000);
    expect(server.received.length).toBe(100);
    expect(events).toEqual(['open', 'close 3001 done true']);
    expect(wire.readyState).toBe(wire.CLOSED);
    expect(wire.status).toMatchObject({ state: 'closed', verdict: { clean: true, code: 'closed', unknown: 0 } });
  });

  it('[SN-4.2] close waits until Blobs are read', async () => {
    const { wire } = connect();
    await pass(100);
    wire.send(new Blob(['a']));
    wire.send('b');
    wire.close();
    await vi.waitFor(() => expect(wire.readyState).toBe(3), { interval: 10, timeout: 10_000 });
    expect(server.received).toEqual([new TextEncoder().encode('a'), 'b']);
  });

  it('[SN-4.1] a session that the server has forgotten ends with `lost`', async () => {
    const { wire, events } = connect();
    await pass(100);
    server.restart();
    await pass(5000);
    expect(events).toEqual(['open', 'error', 'close 4500 lost false']);
    expect(wire.readyState).toBe(3);
  });

  it('a WireSocket can be closed before it is open', async () => {
    const { wire, events } = connect();
    wire.close();
    await pass(15_000);
    expect(wire.readyState).toBe(3);
    expect(events.at(-1)).toMatch(/^close/);
  });

  it('[SN-43.7] the token is requested once per session, which ends with `unauthorized` if it is refused', async () => {
    const token = vi.fn(async () => 'wrong');
    const { events } = connect({ token });
    await pass(1000);
    expect(token).toHaveBeenCalledTimes(1);
    expect(server.tokens).toEqual(['wrong']);
    expect(events).toEqual(['error', 'close 4001 unauthorized false']);
  });

  it('no link is opened before the token is known, whatever is sent or happens', async () => {
    const { wire } = connect({ token: () => new Promise((resolve) => setTimeout(() => resolve('right'), 500)) });
    wire.send('early');
    wire.retryNow();
    await pass(400);
    expect(server.connects).toEqual([]);
    await pass(200);
    expect(server.tokens).toEqual(['right']);
    expect(server.received).toEqual(['early']);
  });

  it('a session ends with `unauthorized` when the token function fails', async () => {
    const { events } = connect({ token: () => Promise.reject(new Error('logged out')) });
    await pass(1000);
    expect(server.connects).toEqual([]);
    expect(events).toEqual(['error', 'close 4001 unauthorized false']);
  });

  it('an unknown transport is refused, and the previous ones stay in use', async () => {
    const { wire } = connect();
    await pass(100);
    expect(() => wire.use('carrier-pigeon' as never)).toThrow(RangeError);
    expect(() => connect({ transports: [] })).toThrow(RangeError);
    server.cut();
    await pass(500);
    expect(wire.transport).toBe('websocket');
  });

  it('a WireSocket works without crypto.randomUUID', async () => {
    vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
    const { wire } = connect();
    await pass(100);
    vi.unstubAllGlobals();
    expect(wire.readyState).toBe(1);
  });

  it('an ended WireSocket leaves no timer and no listener', async () => {
    const page = Object.assign(new EventTarget(), { hidden: false });
    const counts = new Map<string, number>();
    const count =
      (by: number) =>
      (type: string): unknown =>
        counts.set(type, (counts.get(type) ?? 0) + by);
    page.addEventListener = count(1);
    page.removeEventListener = count(-1);
    vi.stubGlobal('document', page);
    vi.stubGlobal('addEventListener', count(1));
    vi.stubGlobal('removeEventListener', count(-1));
    for (const transports of [undefined, ['fetch-stream'], ['event-stream'], ['long-poll']] as const) {
      connect(transports ? { transports } : {});
    }
    await pass(1000);
    expect([...counts]).toEqual([
      ['pageshow', 4],
      ['online', 8],
      ['pagehide', 4],
      ['offline', 4],
      ['resume', 4],
      ['visibilitychange', 4],
    ]);
    for (const wire of wires) wire.close();
    await pass(500);
    vi.unstubAllGlobals();
    server.stop();
    await pass(10);
    expect(wires.map((wire) => wire.status)).toMatchObject(
      wires.map(() => ({ state: 'closed', verdict: { clean: true } })),
    );
    expect([...counts.values()]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
