import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryServer } from './test-kit/memory-server.js';
import { WireSocket } from './wire-socket.js';

// Tests what a client sends by `navigator.sendBeacon` when its page is closed, because other requests would be
// cancelled. `MemoryServer` is a server with real sessions in this process, over a simulated network; time is virtual.

let server: MemoryServer;
let page: EventTarget;
/** Addresses and bodies of beacons. The browser refuses those longer than `quota`. */
let beacons: (readonly [url: string, body: string])[];
let quota: number;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] });
  server = new MemoryServer();
  page = new EventTarget();
  beacons = [];
  quota = Number.POSITIVE_INFINITY;
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('navigator', {
    sendBeacon: (url: string, body: string) => body.length <= quota && beacons.push([url, body]) > 0,
  });
});

afterEach(() => {
  server.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const pass = async (ms: number): Promise<void> => {
  await vi.advanceTimersByTimeAsync(ms);
};

/** Leaves the page. @param persisted whether the browser caches the page and may show it again */
const leave = (persisted: boolean): boolean => page.dispatchEvent(Object.assign(new Event('pagehide'), { persisted }));

async function connect(): Promise<WireSocket> {
  const wire = new WireSocket('http://test/everywire', server.table(), { storage: null });
  await pass(200);
  return wire;
}

/** The content of a beacon. */
const bodyOf = (at: number): { readonly m: readonly string[]; readonly last?: number; readonly first: number } =>
  JSON.parse(beacons[at]![1]);

describe('a page that is closed', () => {
  it('[SN-15.19] a closed page sends its last messages and that nothing follows', async () => {
    const wire = await connect();
    wire.send('a');
    wire.send('b');
    leave(false);
    expect(beacons).toHaveLength(1);
    expect(beacons[0]![0]).toBe('http://test/everywire/up');
    expect(bodyOf(0)).toMatchObject({ t: 'body', first: 1, count: 2, last: 2, m: ['a', 'b'] });
    expect(server.pipes.size).toBe(0);
  });

  it('[SN-15.19] a closed page states that nothing follows even if it sent no message', async () => {
    await connect();
    leave(false);
    expect(bodyOf(0)).toMatchObject({ count: 0, last: 0 });
  });

  it('[SN-3] a closed page sends only the first messages if all are too many', async () => {
    const wire = await connect();
    for (let k = 0; k < 9; k += 1) wire.send('x'.repeat(20_000));
    leave(false);
    expect(bodyOf(0)).toMatchObject({ first: 1, count: 2, last: 9 });
  });

  it('[SN-3] a closed page sends fewer messages, or none, if the browser accepts less', async () => {
    const wire = await connect();
    for (let k = 0; k < 4; k += 1) wire.send('x'.repeat(1000));
    quota = 2500;
    leave(false);
    expect(bodyOf(0)).toMatchObject({ first: 1, count: 2, last: 4 });
    quota = 500;
    leave(false);
    expect(bodyOf(1)).toMatchObject({ first: 1, count: 0, last: 4 });
    quota = 0;
    leave(false);
    expect(beacons).toHaveLength(2);
  });

  it('a closed page sends nothing before its session is open or after its end', async () => {
    server.down = true;
    const wire = await connect();
    wire.send('a');
    leave(false);
    server.down = false;
    const ended = await connect();
    ended.close();
    await pass(200);
    leave(false);
    expect(beacons).toEqual([]);
  });
});

describe('a page that may come back', () => {
  it('[SN-15.20] a cached page ends its links and returns in the same session', async () => {
    const wire = await connect();
    wire.send('a');
    leave(true);
    expect(server.pipes.size).toBe(0);
    expect(wire.status.state).toBe('reconnecting');
    expect(bodyOf(0)).toMatchObject({ m: ['a'] });
    expect(bodyOf(0)).not.toHaveProperty('last');
    const { length } = server.connects;
    await pass(30_000);
    server.send('meanwhile');
    expect(server.connects).toHaveLength(length);
    const got: string[] = [];
    wire.onmessage = ({ data }) => got.push(data);
    page.dispatchEvent(new Event('pageshow'));
    wire.send('b');
    await pass(500);
    expect([wire.transport, got, server.received]).toEqual(['websocket', ['meanwhile'], ['a', 'b']]);
    expect([...server.registry.sessions()]).toHaveLength(1);
  });

  it('a cached page sends nothing if the server has everything', async () => {
    const wire = await connect();
    wire.send('a');
    // The acknowledgement arrives with a heartbeat.
    await pass(16_000);
    leave(true);
    expect(beacons).toEqual([]);
  });
});
