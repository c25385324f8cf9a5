import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { peerAddress } from '../sockets/peer-address.js';

/** Whose request it is, and which connections are somebody else's to count. */
export interface ClientAddresses {
  /** What a trusted proxy says (`X-Forwarded-For`), or where the connection comes from. */
  of(request: IncomingMessage): string;
  isTrusted(address: string): boolean;
}

/**
 * Nobody's word is taken but that of the proxies named: the last address in the list that is none of them is the client's. What
 * stands before it could have been written by anyone.
 *
 * @param trusted addresses and networks such as `10.0.0.0/8`
 * @param directSockets whether a socket's handle may be asked, see `DirectWay`
 * @throws TypeError for anything else
 */
export function createClientAddresses(trusted: readonly string[], directSockets = false): ClientAddresses {
  const networks = new BlockList();
  for (const network of trusted) addNetwork(networks, network);
  const isTrusted = (address: string): boolean => {
    // A look into an empty list makes an object in native memory all the same, for each connection.
    const version = trusted.length === 0 ? 0 : isIP(address);
    return version !== 0 && networks.check(address, version === 4 ? 'ipv4' : 'ipv6');
  };
  return {
    isTrusted,
    of(request): string {
      const near = peerAddress(request.socket, directSockets) ?? '';
      const told = request.headers['x-forwarded-for'];
      if (trusted.length === 0 || told === undefined || !isTrusted(near)) return near;
      const hops = String(told).split(',').slice(-HOPS_MAX);
      for (let at = hops.length - 1; at >= 0; at--) {
        const hop = (hops[at] as string).trim();
        // Whatever a trusted proxy passes on unread is not looked behind.
        if (isIP(hop) === 0) return near;
        if (!isTrusted(hop)) return hop;
      }
      return near;
    },
  };
}

/** Proxies in a row that anybody has. */
const HOPS_MAX = 16;

function addNetwork(networks: BlockList, network: string): void {
  const [address = '', prefix, ...rest] = network.split('/');
  const version = isIP(address);
  const bits = prefix === undefined ? undefined : Number(prefix);
  const most = version === 4 ? 32 : 128;
  const whole = bits === undefined || (/^\d{1,3}$/.test(prefix as string) && bits <= most);
  if (version === 0 || !whole || rest.length > 0)
    throw new TypeError(
      `trustedProxies: ${JSON.stringify(network)} is neither an address nor a network like 10.0.0.0/8`,
    );
  const type = version === 4 ? 'ipv4' : 'ipv6';
  if (bits === undefined) networks.addAddress(address, type);
  else networks.addSubnet(address, bits, type);
}
