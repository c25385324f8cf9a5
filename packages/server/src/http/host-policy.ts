import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6, type Socket } from 'node:net';

/**
 * Returns whether a request's `Host` is a name of this server. A page whose name an attacker points to this server (DNS
 * rebinding) would pass as the server's own page; its browser then sends the attacker's name as `Host`.
 */
export type HostPolicy = (request: IncomingMessage) => boolean;

/** Suffixes that are never assigned in the public DNS: RFC 6761, RFC 6762, RFC 8375, and `internal` of ICANN. */
const PRIVATE_SUFFIXES = ['.localhost', '.local', '.internal', '.home.arpa', '.test'];

/**
 * Allows `names`, numeric addresses, names without a dot, and private names; also a request without `Host`, which
 * browsers never send, and every request of a trusted proxy, which may send its own name. Without `names` all hosts are
 * allowed.
 *
 * @param names in the form that `parseHostName` accepts
 * @param isProxy returns whether a trusted proxy is at the other end of the connection
 * @throws TypeError for an entry that is not a host name
 */
export function createHostPolicy(names: readonly string[], isProxy: (socket: Socket) => boolean): HostPolicy {
  const known = new Set(names.map(checkName));
  return ({ headers, socket }) => {
    if (known.size === 0 || headers.host === undefined || headers.host === '') return true;
    const name = nameIn(headers.host);
    return known.has(name) || isUnregistrable(name) || isProxy(socket);
  };
}

/** Returns the name in `name:port`, in lower case and without a final dot. */
function nameIn(host: string): string {
  return host.toLowerCase().replace(/:\d*$/u, '').replace(/\.$/u, '');
}

/** Returns whether the name is private, so that no stranger can register it in the public DNS. */
function isUnregistrable(name: string): boolean {
  if (isIPv4(name)) return true;
  if (name.startsWith('[')) return name.endsWith(']') && isIPv6(name.slice(1, -1));
  return !name.includes('.') || PRIVATE_SUFFIXES.some((suffix) => name.endsWith(suffix));
}

/**
 * Returns a host name as browsers write it in `Host`, without port: in lower case, in ASCII, without a final dot.
 * Returns `null` for other text, including a name with a port.
 */
export function parseHostName(text: string): string | null {
  const name = text.replace(/\.$/u, '');
  if (!hostPattern.test(name) || !URL.canParse(`http://${name}`)) return null;
  return new URL(`http://${name}`).hostname;
}

/** An IPv6 address in brackets, or text without the separators of a URL. */
const hostPattern = /^(?:\[[\da-f:.]+\]|[^\s[\]/?#@\\:%*]+)$/iu;

function checkName(text: string): string {
  const name = parseHostName(text);
  if (name !== null) return name;
  throw new TypeError(`hosts: ${JSON.stringify(text)} must be a host name without port, such as chat.example.org`);
}
