import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { createOriginList, shellOriginIn } from './origin-list.js';

/**
 * The decision of the policy on one request. `absent`: the request has no `Origin` header, so it is not from a page of another origin
 * and needs no CORS headers. `same`: from a page of this server. `cross`: from a permitted page of another origin, which the CORS
 * headers of the answer must name. `refused`: the page may not connect.
 */
export type OriginVerdict =
  | { readonly kind: 'absent' }
  | { readonly kind: 'same'; readonly origin: string }
  | { readonly kind: 'cross'; readonly origin: string }
  | { readonly kind: 'refused'; readonly origin: string };

/** Decides which origins may connect. */
export interface OriginPolicy {
  check(request: IncomingMessage): OriginVerdict;
  /**
   * Checks a GET of a page's element, such as a script or a frame, which browsers send without `Origin`. If the browser sends
   * `Sec-Fetch-Site`, a page of another origin must send its `Referer`. Older browsers may send neither. Such a request is permitted
   * here, because it also needs a ticket, which only a page that may connect can have.
   */
  checkElement(request: IncomingMessage): OriginVerdict;
  /** Returns the origins that may embed the answer to this request. */
  embedding(request: IncomingMessage): Embedding;
}

/** The origins that may frame an answer of this server or receive its messages. */
export interface Embedding {
  /** The origin of the request's own address; `undefined` if it has no `Host`. */
  readonly own: string | undefined;
  allows(origin: string): boolean;
  /** All allowed origins in the form of CSP's `frame-ancestors`. */
  readonly ancestors: string;
}

const ABSENT: OriginVerdict = { kind: 'absent' };

/**
 * Creates the policy. A page may connect if its origin is exactly that of the request's address, or an entry of the list (RFC 6454
 * section 4, RFC 6455 section 10.2).
 *
 * @throws TypeError as `createOriginList`
 */
export function createOriginPolicy(origins: readonly string[]): OriginPolicy {
  const isListed = createOriginList(origins);
  const ancestors = ["'self'", ...origins].join(' ');
  const policy: OriginPolicy = {
    check(request: IncomingMessage): OriginVerdict {
      const origin = request.headers.origin;
      if (origin === undefined) return ABSENT;
      if (origin === ownOrigin(request)) return { kind: 'same', origin };
      if (isListed(origin)) return { kind: 'cross', origin };
      return { kind: 'refused', origin };
    },
    checkElement(request: IncomingMessage): OriginVerdict {
      const { origin, referer, 'sec-fetch-site': site } = request.headers;
      if (origin !== undefined) return policy.check(request);
      const from = originOf(referer);
      if (site === 'same-origin') return ABSENT;
      if (from === undefined) return site === undefined ? ABSENT : { kind: 'refused', origin: `unknown (${site})` };
      return from === ownOrigin(request) || isListed(from) ? ABSENT : { kind: 'refused', origin: from };
    },
    embedding(request: IncomingMessage): Embedding {
      const own = ownOrigin(request);
      return { own, ancestors, allows: (origin) => origin === own || isListed(origin) };
    },
  };
  return policy;
}

/** Returns the origin of a `Referer`, or `undefined` if it is not an address. */
function originOf(referer: string | undefined): string | undefined {
  if (referer === undefined || !URL.canParse(referer)) return undefined;
  const { origin } = new URL(referer);
  return origin === 'null' ? (shellOriginIn(referer) ?? origin) : origin;
}

/**
 * Returns the origin of a page at this request's own address. The scheme is that of the socket, because a proxy's header could be
 * forged. Behind a proxy that ends TLS, list the public origin in `origins`.
 */
function ownOrigin(request: IncomingMessage): string | undefined {
  const host = request.headers.host?.toLowerCase();
  if (host === undefined || host === '') return undefined;
  const encrypted = (request.socket as TLSSocket).encrypted === true;
  const defaultPort = encrypted ? ':443' : ':80';
  const bare = host.endsWith(defaultPort) ? host.slice(0, -defaultPort.length) : host;
  return `${encrypted ? 'https' : 'http'}://${bare}`;
}
