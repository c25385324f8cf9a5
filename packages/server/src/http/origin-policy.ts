import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';

/**
 * What the policy says of one request. `cross` carries the origin that the CORS headers have to name; without an `Origin`
 * header the request is not a page's, and nothing has to be said.
 */
export type OriginVerdict =
  | { readonly kind: 'absent' }
  | { readonly kind: 'same'; readonly origin: string }
  | { readonly kind: 'cross'; readonly origin: string }
  | { readonly kind: 'refused'; readonly origin: string };

export interface OriginPolicy {
  check(request: IncomingMessage): OriginVerdict;
  /**
   * Of a GET that a page makes by an element, a script or a frame, which browsers send without `Origin`. Where the browser says what
   * kind of page asks (`Sec-Fetch-Site`), another origin's must name itself (`Referer`); an older browser's may be silent, and then
   * the ticket decides, which only a page that may connect can have got.
   */
  checkElement(request: IncomingMessage): OriginVerdict;
  embedding(request: IncomingMessage): Embedding;
}

/** Who may frame an answer of ours, or is told of it by message. */
export interface Embedding {
  /** The origin of the request's own address; `undefined` where it names none. */
  readonly own: string | undefined;
  allows(origin: string): boolean;
  /** All of them, as CSP's `frame-ancestors` takes them. */
  readonly ancestors: string;
}

const ABSENT: OriginVerdict = { kind: 'absent' };

/**
 * Exact matches only: the page's own origin, or one of the list (RFC 6454 section 4, RFC 6455 section 10.2). No pattern, no
 * suffix, no `*`, never `null`.
 *
 * @throws TypeError for an entry that is no serialised origin.
 */
export function createOriginPolicy(origins: readonly string[]): OriginPolicy {
  for (const origin of origins) checkOrigin(origin);
  const allowed = new Set(origins);
  const ancestors = ["'self'", ...origins].join(' ');
  const policy: OriginPolicy = {
    check(request: IncomingMessage): OriginVerdict {
      const origin = request.headers.origin;
      if (origin === undefined) return ABSENT;
      if (origin === ownOrigin(request)) return { kind: 'same', origin };
      if (allowed.has(origin)) return { kind: 'cross', origin };
      return { kind: 'refused', origin };
    },
    checkElement(request: IncomingMessage): OriginVerdict {
      const { origin, referer, 'sec-fetch-site': site } = request.headers;
      if (origin !== undefined) return policy.check(request);
      const from = originOf(referer);
      if (site === 'same-origin') return ABSENT;
      if (from === undefined) return site === undefined ? ABSENT : { kind: 'refused', origin: `unknown (${site})` };
      return from === ownOrigin(request) || allowed.has(from) ? ABSENT : { kind: 'refused', origin: from };
    },
    embedding(request: IncomingMessage): Embedding {
      const own = ownOrigin(request);
      return { own, ancestors, allows: (origin) => origin === own || allowed.has(origin) };
    },
  };
  return policy;
}

/** A `Referer` that is no address is none: it proves nothing for who sends it. */
function originOf(referer: string | undefined): string | undefined {
  return referer !== undefined && URL.canParse(referer) ? new URL(referer).origin : undefined;
}

function checkOrigin(origin: string): void {
  let parsed: URL;
  try {
    parsed = new URL(origin);
  } catch (cause) {
    throw new TypeError(`origins: ${JSON.stringify(origin)} is not an origin such as https://chat.example.org`, {
      cause,
    });
  }
  if (parsed.origin !== origin || origin === 'null') {
    throw new TypeError(`origins: ${JSON.stringify(origin)} must be written ${JSON.stringify(parsed.origin)}, exactly`);
  }
}

/**
 * The origin of a page that this very request's address belongs to. The scheme is that of the socket: a proxy's word for it
 * could be forged, so behind one that ends TLS the public origin is named in `origins`.
 */
function ownOrigin(request: IncomingMessage): string | undefined {
  const host = request.headers.host?.toLowerCase();
  if (host === undefined || host === '') return undefined;
  const encrypted = (request.socket as TLSSocket).encrypted === true;
  const defaultPort = encrypted ? ':443' : ':80';
  const bare = host.endsWith(defaultPort) ? host.slice(0, -defaultPort.length) : host;
  return `${encrypted ? 'https' : 'http'}://${bare}`;
}
