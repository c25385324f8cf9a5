import { describe, expect, it } from 'vitest';
import type { MemoryStorage } from './network-memory.js';
import type { MemoryServer } from './test-kit/memory-server.js';
import { pass, useVirtualServer } from './test-kit/virtual-server.js';
import type { WireClientOptions } from './wire-client.js';
import { WireSocket } from './wire-socket.js';

// Tests a client in a network that refuses large requests: it sends long messages in parts, and reports if not even
// these pass. `MemoryServer` is a server with real sessions in this process, over a simulated network; time is virtual.

let server: MemoryServer;
useVirtualServer((started) => {
  server = started;
});

const connect = (options: WireClientOptions = {}): WireSocket =>
  new WireSocket('http://test/everywire', server.table(), options);

/** A message of 3,000 bytes. */
const long = 'long '.repeat(600);

describe('a network that refuses large requests', () => {
  it('[SN-46.9] a client reports that nothing passes, keeps sent messages, and delivers them when something passes', async () => {
    server.faults.set('websocket', 'refuse');
    const wire = connect();
    wire.send('first');
    await pass(1000);
    server.bodyBytesMax = 300;
    wire.send(long);
    await pass(1000);
    expect(wire.status).toMatchObject({ state: 'blocked', reason: 'too_large' });
    const { bytes, since } = wire.status as { readonly bytes: number; readonly since: number };
    expect(bytes).toBeGreaterThan(100);
    expect(bytes).toBeLessThanOrEqual(256);
    expect(Math.abs(Date.now() - since)).toBeLessThan(1100);
    expect(server.received).toEqual(['first']);
    expect(wire.bufferedAmount).toBeGreaterThanOrEqual(long.length);
    server.bodyBytesMax = 2000;
    await pass(2000);
    expect(wire.status.state).toBe('open');
    expect(server.received).toEqual(['first', long]);
  });

  it('[SN-46.9] a transport without bodies is tried immediately when no body passes', async () => {
    server.faults.set('websocket', 'refuse');
    const wire = connect();
    await pass(60_000);
    server.faults.delete('websocket');
    server.bodyBytesMax = 300;
    wire.send(long);
    await pass(1000);
    expect(wire.status).toMatchObject({ state: 'open', transport: 'websocket' });
    expect(server.received).toEqual([long]);
  });

  it('[SN-46.9] a client reports that an `open` does not pass', async () => {
    server.faults.set('websocket', 'refuse');
    server.bodyBytesMax = 50;
    const wire = connect({ token: () => 'long '.repeat(300) });
    await pass(3000);
    expect(wire.status).toMatchObject({ state: 'blocked', reason: 'too_large' });
    const { attempts = [] } = wire.status as { readonly attempts?: readonly { readonly reason: string }[] };
    expect(attempts.map(({ reason }) => reason)).toContain('too_large');
  });

  it('[SN-46.9] the report ends when the network is lost or another upstream transport works', async () => {
    server.faults.set('websocket', 'refuse');
    const wire = connect();
    wire.send('first');
    await pass(1000);
    server.bodyBytesMax = 300;
    wire.send(long);
    await pass(2000);
    expect(wire.status.state).toBe('blocked');
    server.down = true;
    server.cut();
    await pass(3000);
    expect(['waiting', 'reconnecting']).toContain(wire.status.state);
    server.down = false;
    await pass(30_000);
    expect(wire.status.state).toBe('blocked');
    server.faults.delete('websocket');
    wire.retryNow();
    await pass(1000);
    expect(wire.status).toMatchObject({ state: 'open', transport: 'websocket' });
    expect(server.received).toEqual(['first', long]);
    server.down = true;
    server.cut();
    await pass(1000);
    expect(['waiting', 'reconnecting']).toContain(wire.status.state);
  });

  it('[SN-46.9] an outage is not reported as a refusal', async () => {
    server.faults.set('websocket', 'refuse');
    const wire = connect();
    await pass(1000);
    server.down = true;
    server.cut();
    wire.send(long);
    await pass(20_000);
    expect(['waiting', 'reconnecting']).toContain(wire.status.state);
    server.down = false;
    await pass(3000);
    expect(server.received).toEqual([long]);
  });

  it('[SN-46.8] a size that passes again later is remembered', async () => {
    const kept = new Map<string, string>();
    const storage: MemoryStorage = {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, text) => void kept.set(key, text),
    };
    const known = (): unknown => JSON.parse([...kept.values()][0]!).bodyBytes;
    server.faults.set('websocket', 'refuse');
    server.bodyBytesMax = 2000;
    const wire = connect({ storage });
    await pass(5000);
    wire.send(long);
    await pass(2000);
    expect(known()).toBeLessThan(2000);
    server.bodyBytesMax = Number.POSITIVE_INFINITY;
    await pass(31_000);
    for (let k = 0; k < 6; k += 1) {
      wire.send(long);
      await pass(100);
    }
    expect(known()).toBeUndefined();
  });

  it('[SN-46.8] the body size of a network is known to the next page', async () => {
    const kept = new Map<string, string>();
    const storage: MemoryStorage = {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, text) => void kept.set(key, text),
    };
    server.faults.set('websocket', 'refuse');
    server.bodyBytesMax = 2000;
    const first = connect({ storage });
    await pass(5000);
    first.send(long);
    await pass(2000);
    expect(JSON.parse([...kept.values()][0]!).bodyBytes).toBeGreaterThan(1000);
    first.close();
    await pass(1000);
    const second = connect({ storage });
    await pass(1000);
    const { length } = server.connects;
    second.send(long);
    await pass(1000);
    expect(server.received).toEqual([long, long]);
    // Three or four parts and polls, without a refused body first.
    expect(server.connects.length - length).toBeLessThan(6);
  });
});
