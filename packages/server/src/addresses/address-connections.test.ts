import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { AddressConnections } from './address-connections.js';

// Tests `AddressConnections`, the number of open connections in total and for each address.

const limits = { connectionsMax: 4, connectionsPerAddressMax: 4 };

describe('connections that several servers count', () => {
  it('a connection that several servers count is released by each of them when it closes', () => {
    const servers = [new AddressConnections(limits), new AddressConnections(limits)];
    for (let round = 0; round < 10; round += 1) {
      const socket = new EventEmitter() as Socket;
      expect(servers.map((server) => server.add(socket, '192.0.2.1'))).toEqual([null, null]);
      socket.emit('close');
    }
    const open = Array.from({ length: 5 }, () =>
      servers.map((server) => server.add(new EventEmitter() as Socket, null)),
    );
    expect(open.at(-2)).toEqual([null, null]);
    expect(open.at(-1)).toEqual(['connectionsMax', 'connectionsMax']);
  });
});
