import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, type Server, type Socket } from 'node:net';
import { peerAddress } from '../sockets/peer-address.js';
import { parseForwardedAddress } from './forwarded-address.js';

/** Determines the address of a client, and which connections belong to a proxy. */
export interface ClientAddresses {
  /** Returns the address that a trusted proxy reports (`X-Forwarded-For`), otherwise that of the connection. */
  of(request: IncomingMessage): string;
  /** Returns whether the address is a trusted proxy. */
  isTrusted(address: string): boolean;
  /** Returns whether a trusted proxy is at the other end of the connection. */
  isProxy(socket: Socket): boolean;
}

/** Options of `createClientAddresses`. */
export interface ClientAddressesOptions {
  /** Whether a socket's handle may be queried, see `DirectSocketWriter`. Default false. */
  readonly directSockets?: boolean;
  /** Called with the text that a trusted proxy reports in place of an address. */
  readonly onInvalid?: (element: string) => void;
}

/** Names the proxies that connect over a Unix socket, which have no address. */
const UNIX = 'unix';
/** Maximum proxies in a chain. */
const HOPS_MAX = 16;

/**
 * Trusts only the given proxies. The client's address is the last address in `X-Forwarded-For` that is not a trusted
 * proxy. The addresses before it are ignored, because the client may have invented them.
 *
 * @param trusted addresses, networks such as `10.0.0.0/8`, and `unix` for every peer over a Unix socket
 * @throws TypeError for a malformed entry
 */
export function createClientAddresses(
  trusted: readonly string[],
  { directSockets = false, onInvalid }: ClientAddressesOptions = {},
): ClientAddresses {
  const trustsUnix = trusted.includes(UNIX);
  const networks = new BlockList();
  for (const network of trusted) if (network !== UNIX) addNetwork(networks, network);
  const isTrusted = (address: string): boolean => {
    // Even an empty list would allocate a native object for each check.
    const version = trusted.length === 0 ? 0 : isIP(address);
    return version !== 0 && networks.check(address, version === 4 ? 'ipv4' : 'ipv6');
  };
  const isProxyAt = (near: string, socket: Socket): boolean =>
    near === '' ? trustsUnix && isUnixSocket(socket) : isTrusted(near);
  return {
    isTrusted,
    isProxy: (socket) => isProxyAt(socket.remoteAddress ?? '', socket),
    of({ socket, headers }): string {
      const near = peerAddress(socket, directSockets) ?? '';
      const forwardedFor = headers['x-forwarded-for'];
      if (trusted.length === 0 || forwardedFor === undefined || !isProxyAt(near, socket)) return near;
      // A list may have empty elements, which have no meaning (RFC 9110 section 5.6.1).
      const hops = String(forwardedFor).split(',').filter(isNotBlank).slice(-HOPS_MAX);
      for (const hop of hops.reverse()) {
        const address = parseForwardedAddress(hop);
        if (address === null) {
          // The proxy forwarded it unchecked, so the elements before it are not trusted either.
          onInvalid?.(hop.trim());
          return near;
        }
        if (!isTrusted(address)) return address;
      }
      return near;
    },
  };
}

function isNotBlank(text: string): boolean {
  return text.trim() !== '';
}

/**
 * Returns whether a socket without an address came over a Unix socket (or a named pipe). A TCP socket that has closed
 * has no address either, and its client must not pass for a proxy.
 */
function isUnixSocket(socket: Socket): boolean {
  const { server } = socket as Socket & { readonly server?: Server };
  const address = server?.address();
  // A Unix socket that the process has inherited as a file descriptor has no path.
  return typeof address === 'string' || (address === null && server?.listening === true);
}

function addNetwork(networks: BlockList, network: string): void {
  const [address = '', prefix, ...rest] = network.split('/');
  const version = isIP(address);
  const bits = prefix === undefined ? undefined : Number(prefix);
  const most = version === 4 ? 32 : 128;
  const whole = bits === undefined || (/^\d{1,3}$/.test(prefix as string) && bits <= most);
  if (version === 0 || !whole || rest.length > 0)
    throw new TypeError(
      `trustedProxies: ${JSON.stringify(network)} is neither an address, nor a network like 10.0.0.0/8, nor "${UNIX}"`,
    );
  const type = version === 4 ? 'ipv4' : 'ipv6';
  if (bits === undefined) networks.addAddress(address, type);
  else networks.addSubnet(address, bits, type);
}
