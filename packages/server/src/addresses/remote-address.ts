import { isIPv6 } from 'node:net';

/**
 * Returns the key that requests of one client are counted by. An IPv6 /64 counts as one client, because its holder usually
 * controls all its addresses.
 */
export function addressKey(address: string): string {
  const plain = plainAddress(address);
  if (!isIPv6(plain)) return plain;
  return `${expandIpv6(address).slice(0, 4).join(':')}::/64`;
}

/** Returns the keys of an address's IPv6 /56 and /48, which are often assigned to one customer; `null` for IPv4. */
export function widerAddressKeys(address: string): { readonly by56: string; readonly by48: string } | null {
  if (!isIPv6(plainAddress(address))) return null;
  const [a = '0', b = '0', c = '0', d = '0'] = expandIpv6(address);
  const high = (Number.parseInt(d, 16) >> 8) << 8;
  return { by56: `${a}:${b}:${c}:${high.toString(16)}::/56`, by48: `${a}:${b}:${c}::/48` };
}

/** Returns an IPv4 address in its usual notation, even if it came in IPv6 notation. */
export function plainAddress(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}

function expandIpv6(address: string): string[] {
  const plain = address.split('%')[0] ?? address;
  const [head = '', tail] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  if (tail === undefined) return left;
  const right = tail === '' ? [] : tail.split(':');
  return [...left, ...Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0'), ...right];
}
