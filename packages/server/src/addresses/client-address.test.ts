import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createClientAddresses } from './client-address.js';

function requestFrom(remoteAddress: string, forwardedFor?: string): IncomingMessage {
  return { socket: { remoteAddress }, headers: { 'x-forwarded-for': forwardedFor } } as unknown as IncomingMessage;
}

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
    ['is recognised in both notations', ['127.0.0.1'], '::ffff:127.0.0.1', '9.9.9.9', '9.9.9.9'],
  ])('[H17] the address of a client %s', (_, trusted, remote, forwardedFor, address) => {
    expect(createClientAddresses(trusted).of(requestFrom(remote, forwardedFor))).toBe(address);
  });

  it.each(['', 'localhost', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '1.2.3'])(
    '[H17] createClientAddresses refuses %j as a proxy',
    (entry) => {
      expect(() => createClientAddresses([entry])).toThrow(/trustedProxies/);
    },
  );
});
