// Over 300 lines: every test is a conversation with the same kind of server in memory.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryServer } from './test-kit/memory-server.js';
import type { TransportName, WireClientOptions } from './wire-client.js';
import { WireSocket } from './wire-socket.js';

// Tests which transport a connected client uses while the network changes, and that no message is lost. `MemoryServer`
// is a server with real sessions in this process, over a simulated network; time is virtual. `server.faults` sets a
// fault for each transport.

const names = ['websocket', 'fetch-stream', 'event-stream', 'long-poll'] as const;
let server: MemoryServer;

/** The same random numbers in every run, so that jitter does not matter. `EVERYWIRE_SEED` gives others. */
function seedChance(): void {
  let state = Number(process.env['EVERYWIRE_SEED'] ?? 13) >>> 0;
  vi.spyOn(crypto, 'getRandomValues').mockImplementation((values) => {
    const words = values as unknown as Uint32Array;
    for (let at = 0; at < words.length; at++) {
      // xorshift32, Marsaglia 2003; never 0.
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      words[at] = state >>> 0;
    }
    return values;
  });
}

beforeEach(() => {
  seedChance();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] });
  server = new MemoryServer();
});

afterEach(() => {
  server.stop();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Advances the virtual time by milliseconds. */
const pass = async (ms: number): Promise<void> => {
  await vi.advanceTimersByTimeAsync(ms);
};

/** A client that exchanges messages with the server all the time. `messages` are those that it has received. */
interface Talk {
  readonly wire: WireSocket;
  readonly messages: string[];
  /** Every transport that was in use, in order. */
  readonly used: (TransportName | null)[];
  readonly stop: () => void;
}

/** Connects a client and sends a message in each direction every 20 ms. The messages are consecutive numbers. */
function talk(options: WireClientOptions = {}): Talk {
  const wire = new WireSocket('http://test/everywire', server.table(), options);
  const messages: string[] = [];
  const used: (TransportName | null)[] = [];
  wire.onmessage = ({ data }) => messages.push(data);
  wire.addEventListener('statuschange', () => {
    if (used.at(-1) !== wire.transport) used.push(wire.transport);
  });
  let number = 0;
  const timer = setInterval(() => {
    wire.send(`${number}`);
    if (server.session) server.send(`${number}`);
    number++;
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
  expect(wire.bufferedAmount).toBe(0);
  expect(server.session?.flow.outgoing.bufferedAmount).toBe(0);
}

/** The failed attempts in the status of the client, each as transport and reason. */
const attempts = (wire: WireSocket): string[] =>
  ('attempts' in wire.status ? wire.status.attempts : []).map(({ transport, reason }) => `${transport} ${reason}`);

describe('choosing during a conversation', () => {
  it.each(names)('[SN-1] a conversation works over %s alone', async (name) => {
    const client = talk({ transports: [name] });
    await pass(3000);
    expect(client.wire.transport).toBe(name);
    await expectComplete(client);
    expect(client.used).toEqual([name]);
  });

  it.each(names.flatMap((from) => names.filter((to) => to !== from).map((to) => [from, to] as const)))(
    '[SN-11] a session moves from %s to %s',
    async (from, to) => {
      const client = talk();
      client.wire.use(from);
      await pass(1000);
      expect(client.wire.transport).toBe(from);
      client.wire.use(to);
      await pass(1000);
      expect(client.wire.transport).toBe(to);
      expect([...server.registry.sessions()].length).toBe(1);
      await expectComplete(client);
    },
  );

  it('[SN-12.4] a client falls back within 2 s when WebSocket is blocked, and returns when it is not', async () => {
    const client = talk();
    await pass(3000);
    expect(client.wire.transport).toBe('websocket');
    server.faults.set('websocket', 'refuse');
    server.cut();
    await pass(2000);
    expect(client.wire.transport).toBe('fetch-stream');
    expect(attempts(client.wire).slice(0, 3)).toEqual(['websocket cut', 'websocket refused', 'websocket refused']);
    server.faults.clear();
    await pass(10_000);
    expect(client.wire.transport).toBe('websocket');
    await expectComplete(client);
  });

  it('[SN-12.4] a client falls back when every WebSocket is killed soon after it opened', async () => {
    server.faults.set('websocket', 'kill');
    const client = talk();
    await pass(3000);
    expect(client.wire.transport).toBe('fetch-stream');
    await expectComplete(client);
  });

  it('[SN-12.4] a client falls back when a WebSocket opens but stays silent', async () => {
    server.faults.set('websocket', 'withhold');
    const client = talk();
    await pass(8000);
    expect(client.wire.transport).toBe('fetch-stream');
    await expectComplete(client);
  });

  it('[SN-13.4] a client falls back to long polling when streams are buffered, and reports it', async () => {
    for (const name of ['fetch-stream', 'event-stream'] as const) server.faults.set(name, 'withhold');
    const client = talk({ transports: ['fetch-stream', 'event-stream', 'long-poll'] });
    await pass(1500);
    expect(client.wire.transport).toBe('long-poll');
    expect(attempts(client.wire)).toEqual(['fetch-stream buffered']);
    await expectComplete(client);
  });

  it('[SN-15.13] a lost poll is replaced within a second while posts succeed', async () => {
    const client = talk({ transports: ['long-poll'] });
    await pass(1000);
    server.faults.set('long-poll', 'silence');
    const connects = server.connects.length;
    while (!server.connects.includes('long-poll', connects)) await pass(5);
    server.faults.clear();
    const before = client.messages.length;
    await pass(1000);
    expect(client.messages.length).toBeGreaterThan(before + 20);
    await expectComplete(client);
  });

  it('[SN-12.6] an absent server demotes no transport, and the best is used again soon after', async () => {
    const client = talk();
    await pass(3000);
    server.down = true;
    server.cut();
    await pass(20_000);
    expect(client.wire.transport).toBeNull();
    expect(['waiting', 'reconnecting']).toContain(client.wire.status.state);
    server.down = false;
    client.wire.retryNow();
    await pass(6000);
    expect(client.wire.transport).toBe('websocket');
    await expectComplete(client);
  });

  it('the wait grows with each attempt, and the status states until when', async () => {
    const client = talk();
    await pass(1000);
    client.stop();
    server.down = true;
    server.cut();
    await pass(300_000);
    const before = server.connects.length;
    await pass(60_000);
    expect(server.connects.length - before).toBeLessThan(40);
    const seen: string[] = [];
    client.wire.addEventListener('statuschange', () => {
      const { status } = client.wire;
      seen.push(status.state);
      if (status.state === 'waiting') expect(status.retryAt).toBeGreaterThan(Date.now() + 1000);
    });
    await pass(60_000);
    expect(seen).toContain('waiting');
    expect(seen).toContain('reconnecting');
  });

  it('[SN-4.1] a client stops choosing when the session has ended', async () => {
    server.faults.set('websocket', 'refuse');
    const client = talk();
    await pass(3000);
    expect(client.wire.transport).toBe('fetch-stream');
    client.stop();
    server.session?.fail('revoked');
    await pass(3000);
    expect(client.wire.status).toMatchObject({ state: 'closed', verdict: { code: 'revoked' } });
    server.stop();
    await pass(10);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('[SN-12.7] a forced transport is kept although it fails', async () => {
    server.faults.set('event-stream', 'refuse');
    const client = talk({ transports: ['event-stream'] });
    await pass(5000);
    expect(new Set(server.connects)).toEqual(new Set(['post', 'event-stream']));
    server.faults.clear();
    client.wire.retryNow();
    await pass(1000);
    expect(client.wire.transport).toBe('event-stream');
    await expectComplete(client);
  });

  it('[SN-15.17] a client probes immediately after the device slept', async () => {
    const client = talk();
    await pass(1000);
    client.stop();
    await pass(1000);
    const { connects } = server;
    // The network fails without notice, and the wall clock jumps while timers stood still.
    server.faults.set('websocket', 'refuse');
    for (const pipe of server.pipes) pipe.withheld = true;
    vi.setSystemTime(Date.now() + 3_600_000);
    await pass(30_000);
    expect(connects.length).toBeGreaterThan(1);
    expect(client.wire.transport).toBe('fetch-stream');
  });

  it.each(['websocket', 'fetch-stream', 'event-stream', 'long-poll'] as const)(
    '[SN-15.10] a silent outage over %s interrupts a conversation for at most 1.5 s longer than it lasts',
    async (name) => {
      const client = talk({ transports: [name] });
      await pass(2000);
      for (const every of [...names, 'post'] as const) server.faults.set(every, 'silence');
      for (const pipe of server.pipes) pipe.withheld = true;
      await pass(1500);
      server.faults.clear();
      const before = client.messages.length;
      await pass(1500);
      expect(client.messages.length).toBeGreaterThan(before);
      await expectComplete(client);
    },
  );

  it('the status states the round trip', async () => {
    const client = talk();
    await pass(3000);
    expect(client.wire.status).toMatchObject({ state: 'open', transport: 'websocket' });
    const { status } = client.wire;
    expect(status.state === 'open' && status.roundTripMs).toBeGreaterThan(9);
    expect(status.state === 'open' && status.roundTripMs).toBeLessThan(50);
    client.stop();
  });

  it('the status states when the round trip was last measured', async () => {
    const network = new EventTarget();
    vi.stubGlobal('addEventListener', network.addEventListener.bind(network));
    const client = talk();
    await pass(3000);
    const measuredAt = () => ('measuredAt' in client.wire.status ? client.wire.status.measuredAt : undefined);
    const first = measuredAt() ?? 0;
    expect(Date.now() - first).toBeLessThan(3000);
    await pass(60_000);
    // It was not measured meanwhile, so the time is unchanged.
    expect(measuredAt()).toBe(first);
    network.dispatchEvent(new Event('offline'));
    await pass(1000);
    expect(Date.now() - (measuredAt() ?? 0)).toBeLessThan(2000);
    client.stop();
    vi.unstubAllGlobals();
  });

  it('[SN-15.2] [SN-15.17] a client notifies the server when the page is hidden and probes when it is shown', async () => {
    const page = Object.assign(new EventTarget(), { hidden: false });
    vi.stubGlobal('document', page);
    const client = talk();
    await pass(1000);
    client.stop();
    await pass(20_000);
    page.hidden = true;
    page.dispatchEvent(new Event('visibilitychange'));
    await pass(40_000);
    // For a hidden page, 40 s of silence are normal. The network fails meanwhile without notice.
    expect(client.wire.transport).toBe('websocket');
    for (const pipe of server.pipes) pipe.withheld = true;
    page.hidden = false;
    page.dispatchEvent(new Event('visibilitychange'));
    await pass(1500);
    expect(server.connects).toEqual(['websocket', 'websocket']);
    expect(client.wire.transport).toBe('websocket');
    vi.unstubAllGlobals();
  });

  it('[SN-12.8] [SN-15.17] a client forgets failures and retries immediately when the network returns', async () => {
    const network = new EventTarget();
    vi.stubGlobal('addEventListener', network.addEventListener.bind(network));
    vi.stubGlobal('removeEventListener', network.removeEventListener.bind(network));
    const client = talk();
    await pass(1000);
    client.stop();
    server.down = true;
    server.cut();
    await pass(80_000);
    server.down = false;
    expect(client.wire.transport).toBeNull();
    network.dispatchEvent(new Event('online'));
    await pass(50);
    expect(client.wire.transport).toBe('websocket');
    vi.unstubAllGlobals();
  });
});

describe('in two stages', () => {
  it('[SN-1] a client opens, exchanges messages and closes cleanly while the second stage cannot be loaded', async () => {
    server.loadMs = Number.POSITIVE_INFINITY;
    const client = talk();
    await pass(5000);
    client.stop();
    expect(client.wire.status).toMatchObject({ state: 'open', transport: 'websocket', attempts: [] });
    expect(client.messages.length).toBeGreaterThan(200);
    client.wire.close();
    await pass(100);
    expect(client.wire.status).toMatchObject({ state: 'closed', verdict: { clean: true, unknown: 0 } });
    server.stop();
    await pass(60_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('[SN-1] the second stage is loaded repeatedly until it succeeds, and no message sent meanwhile is lost', async () => {
    server.loadMs = Number.POSITIVE_INFINITY;
    const client = talk();
    await pass(1000);
    server.cut();
    await pass(10_000);
    expect(server.connects).toEqual(['websocket']);
    server.loadMs = 45;
    await pass(16_000);
    expect(client.wire.transport).toBe('websocket');
    expect(attempts(client.wire)).toEqual(['websocket cut']);
    await expectComplete(client);
  });

  it.each([0, 3, 8, 13, 18, 23, 28])(
    '[SN-1] no message is lost when the second stage arrives after %i ms',
    async (loadMs) => {
      server.loadMs = loadMs;
      const client = talk();
      await pass(500);
      await expectComplete(client);
      expect([client.used, server.connects]).toEqual([['websocket'], ['websocket']]);
    },
  );

  it.each([0, 8, 18, 45])(
    '[SN-12.4] a client falls back when the second stage arrives after %i ms and WebSocket is refused',
    async (loadMs) => {
      server.loadMs = loadMs;
      server.faults.set('websocket', 'refuse');
      const client = talk();
      await pass(1000);
      expect(client.wire.transport).toBe('fetch-stream');
      expect(attempts(client.wire)).toEqual(['websocket refused', 'websocket refused']);
      await expectComplete(client);
    },
  );

  it.each([Number.POSITIVE_INFINITY, 3_600_000])(
    '[SN-4.1] calls that wait for a second stage of %d ms are settled when the session ends first',
    async (loadMs) => {
      server.loadMs = loadMs;
      const client = talk();
      await pass(100);
      client.stop();
      const reasons: unknown[] = [];
      const note = (reason: unknown): void => void reasons.push(reason);
      client.wire.send('sent', { until: 'peer' }).catch(note);
      client.wire.request('asked').catch(note);
      await pass(1000);
      server.session?.fail('revoked');
      await pass(100);
      const rejected = { name: 'WireError', code: 'revoked', unknown: false, side: 'client' };
      expect(reasons).toMatchObject([rejected, rejected]);
      await expect(client.wire.request('late')).rejects.toMatchObject({ name: 'WireError', code: 'closed' });
    },
  );

  it('[SN-31.5] a request aborted before its turn does not count as in flight', async () => {
    server.down = true;
    const client = talk({ requestsMax: 1 });
    client.stop();
    const abort = new AbortController();
    const codes: unknown[] = [];
    const note = ({ code }: { readonly code: string }): void => void codes.push(code);
    client.wire.request('aborted', { signal: abort.signal }).catch(note);
    client.wire.request('wanted').catch(note);
    await pass(100);
    abort.abort();
    server.down = false;
    await pass(10_000);
    expect(codes).toEqual(['aborted']);
    await pass(40_000);
    expect(codes).toEqual(['aborted', 'timeout']);
  });

  it('[SN-11] calls made before the second stage is loaded take effect', async () => {
    server.loadMs = 1000;
    const client = talk();
    await pass(500);
    client.wire.use('long-poll');
    client.wire.retryNow();
    expect(client.wire.transport).toBe('websocket');
    await pass(1000);
    expect(client.wire.transport).toBe('long-poll');
    await expectComplete(client);
  });

  it('no HTTP request is sent if only the WebSocket is allowed', async () => {
    server.faults.set('websocket', 'refuse');
    const client = talk({ transports: ['websocket'] });
    await pass(10_000);
    expect(new Set(server.connects)).toEqual(new Set(['websocket']));
    server.faults.clear();
    await pass(5000);
    await expectComplete(client);
  });

  it('the status keeps the last twenty attempts', async () => {
    server.down = true;
    const client = talk();
    client.stop();
    await pass(300_000);
    expect(attempts(client.wire)).toHaveLength(20);
  });
});
