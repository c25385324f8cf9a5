import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RACE_DELAY_DEFAULT_MS, REMEMBERED_MS } from './limits.js';
import type { MemoryStorage } from './network-memory.js';
import { MemoryServer } from './test-kit/memory-server.js';
import type { TransportName, WireClientOptions } from './wire-client.js';
import { WireSocket } from './wire-socket.js';

// Tests the race to connect: if the WebSocket is slow, the client also connects by a second transport and uses the
// first that works. `MemoryServer` is a server with real sessions in this process, over a simulated network; time is
// virtual.

let server: MemoryServer;
/** The content of the browser's storage. */
let stored: Map<string, string>;
let storage: MemoryStorage;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] });
  server = new MemoryServer();
  stored = new Map();
  storage = { getItem: (key) => stored.get(key) ?? null, setItem: (key, text) => void stored.set(key, text) };
});

afterEach(() => {
  server.stop();
  vi.useRealTimers();
});

/** Advances the virtual time by milliseconds. */
const pass = async (ms: number): Promise<void> => {
  await vi.advanceTimersByTimeAsync(ms);
};

/** A client that exchanges messages with the server all the time. `messages` are those that it has received. */
interface Talk {
  readonly wire: WireSocket;
  readonly messages: string[];
  /** Every transport that was in use, and since when. */
  readonly used: { readonly transport: TransportName | null; readonly at: number }[];
  stop(): void;
}

/** Connects a client and sends a message in each direction every 20 ms. The messages are consecutive numbers. */
function talk(options: WireClientOptions = {}): Talk {
  const startedAt = performance.now();
  const wire = new WireSocket('http://test/everywire', server.table(), { storage, ...options });
  const messages: string[] = [];
  const used: { transport: TransportName | null; at: number }[] = [];
  wire.onmessage = ({ data }) => messages.push(data);
  wire.addEventListener('statuschange', () => {
    const { transport } = wire;
    if (used.at(-1)?.transport !== transport) used.push({ transport, at: performance.now() - startedAt });
  });
  let number = 0;
  const timer = setInterval(() => {
    wire.send(`${number}`);
    if (server.session) server.send(`${number}`);
    number += 1;
  }, 20);
  return { wire, messages, used, stop: () => clearInterval(timer) };
}

/** Stops sending, and expects that every message arrived once and in order, in both directions. */
async function expectComplete({ wire, messages, stop }: Talk): Promise<void> {
  stop();
  // The last acknowledgements arrive with a heartbeat.
  await pass(20_000);
  const upwards = server.received.map(Number);
  expect(upwards).toEqual(upwards.map((_, at) => at));
  const downwards = messages.map(Number);
  expect(downwards).toEqual(downwards.map((_, at) => at + (downwards[0] ?? 0)));
  expect([wire.bufferedAmount, server.session?.flow.outgoing.bufferedAmount]).toEqual([0, 0]);
  expect([...server.registry.sessions()]).toHaveLength(1);
}

/** The failed attempts in the status of the client, each as transport and reason. */
const attempts = (wire: WireSocket): string[] =>
  ('attempts' in wire.status ? wire.status.attempts : []).map(({ transport, reason }) => `${transport} ${reason}`);

const transportsOf = ({ used }: Talk): (TransportName | null)[] => used.map(({ transport }) => transport);

describe('the race to connect', () => {
  it('[SN-14.9] a WebSocket that is quick enough is not raced', async () => {
    const client = talk();
    await pass(3000);
    expect(server.connects).toEqual(['websocket']);
    await expectComplete(client);
  });

  it.each([0, 45, 400])(
    '[SN-14.9] a swallowed WebSocket costs only the wait before the race if the second stage takes %i ms',
    async (ms) => {
      server.loadMs = ms;
      server.faults.set('websocket', 'silence');
      const client = talk();
      await pass(RACE_DELAY_DEFAULT_MS);
      expect(server.connects).toEqual(['websocket', 'post']);
      await pass(50);
      expect(client.used[0]).toMatchObject({ transport: 'fetch-stream' });
      expect(client.used[0]!.at).toBeLessThan(RACE_DELAY_DEFAULT_MS + 50);
      await pass(10_000);
      await expectComplete(client);
    },
  );

  it('[SN-14.9] a swallowed WebSocket costs the loading time of a late second stage', async () => {
    server.loadMs = 1200;
    server.faults.set('websocket', 'silence');
    const client = talk();
    await pass(1250);
    expect(client.used[0]).toMatchObject({ transport: 'fetch-stream' });
    await expectComplete(client);
  });

  it('[SN-14.12] a WebSocket that answers after the other transport becomes the next link without a failure', async () => {
    server.slowMs.set('websocket', 700);
    const client = talk();
    await pass(3000);
    expect(transportsOf(client)).toEqual(['fetch-stream', 'websocket']);
    expect(server.connects.filter((name) => name === 'websocket')).toHaveLength(1);
    expect(attempts(client.wire)).toEqual([]);
    await expectComplete(client);
  });

  it('[SN-14.11] a WebSocket that answers before the other transport drops it without a failure', async () => {
    server.slowMs.set('post', 300);
    server.slowMs.set('websocket', 600);
    const client = talk();
    await pass(3000);
    expect(transportsOf(client)).toEqual(['websocket']);
    expect(server.connects.slice(0, 2)).toEqual(['websocket', 'post']);
    expect(attempts(client.wire)).toEqual([]);
    await expectComplete(client);
  });

  it('[SN-14.1] messages sent with both opens of a race arrive once', async () => {
    server.slowMs.set('websocket', RACE_DELAY_DEFAULT_MS + 5);
    const client = talk();
    await pass(2000);
    await expectComplete(client);
  });

  it('[SN-14.9] a client races again when a link is lost and the next is swallowed', async () => {
    const client = talk();
    await pass(5000);
    server.faults.set('websocket', 'silence');
    const cutAt = performance.now();
    server.cut();
    const before = client.messages.length;
    while (client.messages.length === before) await pass(10);
    expect(performance.now() - cutAt).toBeLessThan(400);
    expect(client.wire.transport).toBe('fetch-stream');
    await expectComplete(client);
  });

  it('[SN-12.7] an absent server is asked once more, not twice as often', async () => {
    server.down = true;
    const client = talk();
    await pass(60_000);
    const { length } = server.connects;
    expect(length).toBeLessThan(100);
    server.down = false;
    await pass(2000);
    expect(client.wire.transport).toBe('websocket');
    await expectComplete(client);
  });

  it('a forced transport is not raced', async () => {
    server.faults.set('websocket', 'silence');
    talk({ transports: ['websocket'] }).stop();
    await pass(5000);
    expect(new Set(server.connects)).toEqual(new Set(['websocket']));
  });
});

describe('what is remembered', () => {
  it('[SN-14.13] the next page on a network that swallows WebSockets does not wait for one', async () => {
    server.faults.set('websocket', 'silence');
    const first = talk();
    await pass(5000);
    first.stop();
    expect([...stored.values()].map((text) => JSON.parse(text).transport)).toEqual(['fetch-stream']);
    server.stop();
    server = new MemoryServer();
    server.faults.set('websocket', 'silence');
    const second = talk();
    await pass(1000);
    expect(second.used[0]).toMatchObject({ transport: 'fetch-stream' });
    expect(second.used[0]!.at).toBeLessThan(server.loadMs + 50);
    await expectComplete(second);
  });

  it('[SN-14.13] the memory of a network expires after an hour and is then renewed', async () => {
    stored.set(
      'everywire http://test/everywire ',
      JSON.stringify({ transport: 'long-poll', until: Date.now() + 60_000 }),
    );
    const first = talk();
    await pass(5000);
    expect(first.wire.transport).toBe('websocket');
    expect([...stored.values()].map((text) => JSON.parse(text).transport)).toEqual(['websocket']);
    await expectComplete(first);
    const until = JSON.parse([...stored.values()][0]!).until;
    expect(until - Date.now()).toBeGreaterThan(REMEMBERED_MS - 60_000);
  });

  it('[SN-14.10] the remembered connect time sets the wait before the next race', async () => {
    stored.set(
      'everywire http://test/everywire ',
      JSON.stringify({ transport: 'websocket', connectMs: 800, until: Date.now() + 60_000 }),
    );
    server.slowMs.set('websocket', 1000);
    const client = talk();
    await pass(3000);
    expect(transportsOf(client)).toEqual(['websocket']);
    expect(server.connects).toEqual(['websocket']);
    await expectComplete(client);
  });

  it('[SN-14.13] nothing is remembered if a transport is forced or the memory is disabled', async () => {
    talk({ transports: ['long-poll'] }).stop();
    await pass(5000);
    talk({ storage: null }).stop();
    await pass(5000);
    expect(stored.size).toBe(0);
  });

  it('[SN-12.6] a restart of the server demotes no transport', async () => {
    const client = talk();
    await pass(5000);
    const before = [...stored.values()];
    server.down = true;
    server.cut();
    // The server returns while only other transports than the WebSocket are tried.
    while (server.connects.at(-1) !== 'event-stream') await pass(5);
    server.down = false;
    await pass(1500);
    expect(client.wire.transport).toBe('websocket');
    const away = client.used.findLast(({ transport }) => transport === 'websocket')!.at;
    const other = client.used.findLast(({ transport }) => transport !== null && transport !== 'websocket')!.at;
    expect(away - other).toBeLessThan(100);
    expect([...stored.values()]).toEqual(before);
    await expectComplete(client);
  });
});

describe('paths that buffer', () => {
  it('[SN-13.3] a stream that becomes buffered falls back to polling within 2 s', async () => {
    const client = talk({ transports: ['fetch-stream', 'event-stream', 'long-poll'] });
    await pass(5000);
    expect(client.wire.transport).toBe('fetch-stream');
    for (const pipe of server.carriersOf('fetch-stream')) pipe.withheld = true;
    for (const name of ['fetch-stream', 'event-stream'] as const) server.faults.set(name, 'withhold');
    await pass(2000);
    expect(client.wire.transport).toBe('long-poll');
    expect(attempts(client.wire)).toEqual(['fetch-stream buffered']);
    await expectComplete(client);
  });

  it('[SN-13.6] damaged bytes demote their stream, even if it was proven', async () => {
    const client = talk({ transports: ['fetch-stream', 'event-stream', 'long-poll'] });
    await pass(5000);
    for (const { events } of server.carriersOf('fetch-stream')) events.onEnded(false, 'damaged');
    await pass(500);
    expect(client.wire.transport).toBe('event-stream');
    expect(attempts(client.wire)).toEqual(['fetch-stream damaged']);
    await pass(5000);
    expect(client.wire.transport).toBe('fetch-stream');
    await expectComplete(client);
  });
});
