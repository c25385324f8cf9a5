import { describe, expect, it } from 'vitest';
import type { MemoryServer } from './test-kit/memory-server.js';
import { pass, useVirtualServer } from './test-kit/virtual-server.js';
import { WireSocket } from './wire-socket.js';

// Tests the option `token` of a client: a function that is called again when the server requests a new token.
// `MemoryServer` is a server with real sessions in this process, over a simulated network; time is virtual.

let server: MemoryServer;
useVirtualServer((started) => {
  server = started;
});

describe.each(['websocket', 'fetch-stream', 'event-stream', 'long-poll'] as const)('over %s', (name) => {
  it('[SN-21.3] token() is called again when the server requests it, and messages that waited are delivered', async () => {
    let tokenCalls = 0;
    const messages: string[] = [];
    const wire = new WireSocket('http://test/everywire', server.table(), {
      transports: [name],
      token: async () => {
        tokenCalls += 1;
        if (tokenCalls > 1) await new Promise((resolve) => setTimeout(resolve, 7000));
        return `token ${tokenCalls}`;
      },
    });
    wire.onmessage = ({ data }) => messages.push(data);
    await pass(1000);
    expect(wire.transport).toBe(name);
    server.leaseMs = 600_000;
    // The token expires before the client has a new one. The second request arrives while the first is pending.
    server.session?.renew(performance.now() + 1, performance.now());
    await pass(6000);
    expect(server.session?.delivery.isSuspended).toBe(true);
    wire.send('up');
    server.send('down');
    await pass(8000);
    expect(server.tokens).toEqual(['token 1', 'token 2']);
    expect([server.received, messages]).toEqual([['up'], ['down']]);
    expect(wire.readyState).toBe(1);
  });
});

describe('a token() that fails in the session', () => {
  it('[SN-21.2] [SN-21.8] a failing token() is called again, and without a token the session ends with expired', async () => {
    let tokenCalls = 0;
    const reasons: string[] = [];
    const wire = new WireSocket('http://test/everywire', server.table(), {
      token: async () => {
        tokenCalls += 1;
        if (tokenCalls > 1) throw new Error('signed out');
        return 'token';
      },
    });
    wire.onclose = ({ reason }) => reasons.push(reason);
    await pass(1000);
    server.session?.renew(performance.now() + 1, performance.now());
    await pass(59_000);
    expect(tokenCalls).toBeGreaterThan(5);
    expect(reasons).toEqual([]);
    await pass(3000);
    expect(reasons).toEqual(['expired']);
  });
});
