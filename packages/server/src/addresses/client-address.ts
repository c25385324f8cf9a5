import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { peerAddress } from '../sockets/peer-address.js';

/** Determines the address of a client, and which connections belong to a proxy. */
export interface ClientAddresses {
  /** Returns the address that a trusted proxy reports (`X-Forwarded-For`), otherwise that of the connection. */
  of(request: IncomingMessage): string;
  /** Returns whether the address is a trusted proxy. */
  isTrusted(address: string): boolean;
}

/**
 * Trusts only the given proxies. The client's address is the last address in `X-Forwarded-For` that is not a trusted
 * proxy. The addresses before it are ignored, because the client may have invented them.
 *
 * @param trusted addresses and networks such as `10.0.0.0/8`
 * @param directSockets whether a socket's handle may be queried, see `DirectSocketWriter`
 * @throws TypeError for a malformed entry
 */
export function createClientAddresses(trusted: readonly string[], directSockets = false): ClientAddresses {
  const networks = new BlockList();
  for (const network of trusted) addNetwork(networks, network);
  const isTrusted = (address: string): boolean => {
    // Even an empty list would allocate a native object for each check.
    const version = trusted.length === 0 ? 0 : isIP(address);
    return version !== 0 && networks.check(address, version === 4 ? 'ipv4' : 'ipv6');
  };
  return {
    isTrusted,
    of(request): string {
      const near = peerAddress(request.socket, directSockets) ?? '';
      const forwardedFor = request.headers['x-forwarded-for'];
      if (trusted.length === 0 || forwardedFor === undefined || !isTrusted(near)) return near;
      const hops = String(forwardedFor).split(',').slice(-HOPS_MAX);
      for (let at = hops.length - 1; at >= 0; at--) {
        const hop = (hops[at] as string).trim();
        // Stops at a malformed entry, because the proxy forwarded it unchecked. Entries before it are not trusted.
        if (isIP(hop) === 0) return near;
        if (!isTrusted(hop)) return hop;
      }
      return near;
    },
  };
}

/** Maximum proxies in a chain. */
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
