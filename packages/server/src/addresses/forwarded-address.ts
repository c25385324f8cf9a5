import { isIP, SocketAddress } from 'node:net';
import { plainAddress } from './remote-address.js';

/** An IPv4 address, or an IPv6 address in brackets, with or without a port. RFC 7239 also permits names as ports. */
const HOST = /^(?:\[(.+)\]|([\d.]+))(?::(?:\d{1,5}|_[\w.-]+))?$/;

/**
 * Returns the address in one element of `X-Forwarded-For`, in the form of `socket.remoteAddress`: without quotes,
 * brackets, port and zone, and IPv4 in its usual notation. Returns `null` if the element has none, such as `unknown`
 * and the obfuscated identifiers of RFC 7239.
 */
export function parseForwardedAddress(element: string): string | null {
  const text = element.trim();
  const node = /^"(.*)"$/.exec(text)?.[1] ?? text;
  const [, inBrackets, ipv4] = HOST.exec(node) ?? [];
  const address = inBrackets ?? ipv4 ?? node;
  const version = isIP(address);
  if (version === 0) return null;
  return version === 4 ? address : plainAddress(new SocketAddress({ address, family: 'ipv6' }).address);
}
