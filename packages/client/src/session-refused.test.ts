import { describe, expect, it } from 'vitest';
import type { MemoryServer } from './test-kit/memory-server.js';
import { pass, useVirtualServer } from './test-kit/virtual-server.js';
import type { WireClientOptions } from './wire-client.js';
import { WireSocket } from './wire-socket.js';

// Tests a client whose session the server refuses to open for a while, with `busy` or `closing`. `MemoryServer` is a
// server with real sessions in this process, over a simulated network; time is virtual.

let server: MemoryServer;
useVirtualServer((started) => {
  server = started;
});

const connect = (options: WireClientOptions = {}): WireSocket =>
  new WireSocket('http://test/everywire', server.table(), options);

const attempts = (wire: WireSocket): string[] =>
  ('attempts' in wire.status ? wire.status.attempts : []).map(({ transport, reason }) => `${transport} ${reason}`);

describe('a client that is refused temporarily', () => {
  it.each([0, 45])(
    '[SN-43.2] a refused client retries once after the stated time, by one transport, with the second stage after %i ms',
    async (loadMs) => {
      server.loadMs = loadMs;
      server.refusal = { code: 'busy', retryAfterMs: 5_000 };
      const wire = connect();
      await pass(4_900);
      expect(server.connects).toEqual(['websocket']);
      expect(wire.status.state).toBe('waiting');
      expect(attempts(wire)).toEqual(['websocket busy']);
      server.refusal = undefined;
      await pass(5_200);
      expect([wire.transport, wire.readyState]).toEqual(['websocket', 1]);
      expect(server.connects).toEqual(['websocket', 'websocket']);
    },
  );

  it('[SN-43.2] [SN-43.5] a refused client keeps sent messages and gets a new token for the next attempt', async () => {
    server.refusal = { code: 'closing', retryAfterMs: 1_000 };
    let tokens = 0;
    const wire = connect({ token: () => `token ${++tokens}` });
    wire.send('kept');
    await pass(500);
    server.refusal = undefined;
    await pass(2_000);
    expect(server.received).toEqual(['kept']);
    expect(server.tokens).toEqual(['token 1', 'token 2']);
  });

  it('[SN-12.8] a refused client retries immediately when the user asks for it', async () => {
    server.refusal = { code: 'busy', retryAfterMs: 60_000 };
    const wire = connect();
    await pass(500);
    server.refusal = undefined;
    wire.retryNow();
    await pass(100);
    expect(wire.readyState).toBe(1);
  });

  it('a client refused with `unauthorized` ends', async () => {
    const wire = connect({ token: () => 'wrong' });
    await pass(500);
    expect(wire.status).toMatchObject({ state: 'closed', verdict: { code: 'unauthorized' } });
  });
});
