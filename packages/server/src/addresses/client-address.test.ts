import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createClientAddresses } from './client-address.js';

function asked(remoteAddress: string, told?: string): IncomingMessage {
  return { socket: { remoteAddress }, headers: { 'x-forwarded-for': told } } as unknown as IncomingMessage;
}

describe('[H17] the address of a client', () => {
  it.each<[string, readonly string[], string, string | undefined, string]>([
    ['is that of the connection where nobody is trusted', [], '10.0.0.1', '9.9.9.9', '10.0.0.1'],
    ['is that of the connection where somebody else says otherwise', ['10.0.0.2'], '10.0.0.1', '9.9.9.9', '10.0.0.1'],
    ['is what a trusted proxy says', ['10.0.0.0/8'], '10.0.0.1', '9.9.9.9', '9.9.9.9'],
    ['is the last that is no proxy', ['10.0.0.0/8'], '10.0.0.1', 'forged, 6.6.6.6, 9.9.9.9, 10.1.1.1', '9.9.9.9'],
    ['is the proxy where it passes on what is no address', ['10.0.0.1'], '10.0.0.1', '9.9.9.9, localhost', '10.0.0.1'],
    ['is the proxy where it names proxies alone', ['10.0.0.0/8'], '10.0.0.1', '10.0.0.3', '10.0.0.1'],
    ['may be of either kind', ['fd00::/8', '::1'], '::1', '2001:db8::1', '2001:db8::1'],
    ['is known in both notations', ['127.0.0.1'], '::ffff:127.0.0.1', '9.9.9.9', '9.9.9.9'],
  ])('%s', (_, trusted, remote, told, address) => {
    expect(createClientAddresses(trusted).of(asked(remote, told))).toBe(address);
  });

  it.each(['', 'localhost', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '1.2.3'])(
    'is refused proxies like %j',
    (entry) => {
      expect(() => createClientAddresses([entry])).toThrow(/trustedProxies/);
    },
  );
});
