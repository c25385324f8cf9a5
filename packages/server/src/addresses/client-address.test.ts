import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createClientAddresses } from './client-address.js';

function requestFrom(remoteAddress: string | undefined, forwardedFor?: string, server?: object): IncomingMessage {
  const headers = { 'x-forwarded-for': forwardedFor };
  return { socket: { remoteAddress, server }, headers } as unknown as IncomingMessage;
}

/** A listening server with this address. */
const at = (address: unknown): object => ({ address: () => address, listening: true });

describe('[H17] the address of a client', () => {
  it.each<[string, readonly string[], string, string | undefined, string]>([
    ['is that of the connection if no proxy is trusted', [], '10.0.0.1', '9.9.9.9', '10.0.0.1'],
    ['is that of the connection if an untrusted peer claims another', ['10.0.0.2'], '10.0.0.1', '9.9.9.9', '10.0.0.1'],
    ['is the one that a trusted proxy reports', ['10.0.0.0/8'], '10.0.0.1', '9.9.9.9', '9.9.9.9'],
    [
      'is the last one that is not a proxy',
      ['10.0.0.0/8'],
      '10.0.0.1',
      'forged, 6.6.6.6, 9.9.9.9, 10.1.1.1',
      '9.9.9.9',
    ],
    ['is that of the proxy if it forwards a malformed one', ['10.0.0.1'], '10.0.0.1', '9.9.9.9, localhost', '10.0.0.1'],
    ['is that of the proxy if it reports only proxies', ['10.0.0.0/8'], '10.0.0.1', '10.0.0.3', '10.0.0.1'],
    ['may be IPv4 or IPv6', ['fd00::/8', '::1'], '::1', '2001:db8::1', '2001:db8::1'],
    ['may have a port', ['::1'], '::1', '198.51.100.1, 203.0.113.7:50123', '203.0.113.7'],
    ['is not an empty element', ['::1'], '::1', '9.9.9.9, , ', '9.9.9.9'],
    ['is that of the proxy if all elements are empty', ['::1'], '::1', ' , ', '::1'],
    ['is one of the last 16', ['::1'], '::1', `9.9.9.9${', ::1'.repeat(15)}`, '9.9.9.9'],
    ['is that of the proxy if 16 proxies are reported', ['::1'], '::1', `9.9.9.9${', ::1'.repeat(16)}`, '::1'],
    ['is recognised in both notations', ['127.0.0.1'], '::ffff:127.0.0.1', '9.9.9.9', '9.9.9.9'],
  ])('[H17] the address of a client %s', (_, trusted, remote, forwardedFor, address) => {
    expect(createClientAddresses(trusted).of(requestFrom(remote, forwardedFor))).toBe(address);
  });

  it.each<[string, readonly string[], object | undefined, string]>([
    ['reports addresses if it is named', ['unix'], at('/run/everywire.sock'), '9.9.9.9'],
    ['reports addresses if its socket was inherited', ['unix'], at(null), '9.9.9.9'],
    ['reports none if it is not named', ['127.0.0.1', '::/0'], at('/run/everywire.sock'), ''],
    ['is not a closed TCP connection', ['unix'], at({ address: '127.0.0.1', port: 8088 }), ''],
    ['is not a connection of a closed TCP server', ['unix'], { address: () => null, listening: false }, ''],
    ['is not a connection without a server', ['unix'], undefined, ''],
  ])('[H17] a proxy over a Unix socket %s', (_, trusted, server, address) => {
    const request = requestFrom(undefined, '9.9.9.9', server);
    const addresses = createClientAddresses(trusted);
    expect([addresses.of(request), addresses.isProxy(request.socket)]).toEqual([address, address !== '']);
  });

  it('[H17] an element without an address is reported with the first one that is read', () => {
    const invalid: string[] = [];
    const addresses = createClientAddresses(['::1'], { onInvalid: (element) => invalid.push(element) });
    for (const forwardedFor of ['_a, unknown ', '_b', '_c, 9.9.9.9']) addresses.of(requestFrom('::1', forwardedFor));
    expect(invalid).toEqual(['unknown', '_b']);
  });

  it.each(['', 'UNIX', 'unix:/run/a.sock', 'localhost', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '1.2.3'])(
    '[H17] createClientAddresses refuses %j as a proxy',
    (entry) => {
      expect(() => createClientAddresses([entry])).toThrow(/trustedProxies/);
    },
  );
});
