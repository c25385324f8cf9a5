import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWireServer } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import { logAddresses } from './address-log.js';

const server = createServer((_request, answer) => answer.end());
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Sends a request and waits for the end of its answer. */
function ask(path: string, headers: Readonly<Record<string, string>>): Promise<void> {
  const { port } = server.address() as AddressInfo;
  return new Promise((done) => {
    const sent = request({ port, path, headers, agent: false }, (answer) => answer.resume().on('end', done));
    sent.end();
  });
}

describe('logAddresses', () => {
  it('logAddresses logs requests of the transport server, upgrades, and requests for other listeners', async () => {
    createWireServer({ onSession: () => undefined }).attach(server);
    const addresses = logAddresses(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    await ask('/everywire/event-stream?ticket=x', {});
    await ask('/everywire/websocket?y', { connection: 'Upgrade', upgrade: 'websocket' });
    await ask('/elsewhere', {});
    expect(addresses).toEqual(['/everywire/event-stream?ticket=x', '/everywire/websocket?y', '/elsewhere']);
  });
});
