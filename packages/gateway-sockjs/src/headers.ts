import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { corsHeaders, type OriginVerdict } from '@everywire/server/internal';

const YEAR_S = 31_536_000;
const COOKIE = /(?:^|; *)JSESSIONID=([\w.~-]{1,128})(?:;|$)/;

/** Returns headers that let browsers cache a response for a year. */
export function keptLong(): OutgoingHttpHeaders {
  return {
    'cache-control': `public, max-age=${YEAR_S}`,
    expires: new Date(Date.now() + YEAR_S * 1_000).toUTCString(),
    'x-content-type-options': 'nosniff',
  };
}

/** Returns the headers of the answer to a CORS preflight request (`OPTIONS`) for a resource with this method. */
export function preflight(request: IncomingMessage, origin: OriginVerdict, method: string): OutgoingHttpHeaders {
  return {
    ...keptLong(),
    ...corsHeaders(request, origin),
    'access-control-allow-methods': `OPTIONS, ${method}`,
    'access-control-max-age': String(YEAR_S),
  };
}

/**
 * Returns the header that sets the cookie by which some load balancers route a client to the same server. Repeats the value that
 * a load balancer has set before.
 */
export function sessionCookie(request: IncomingMessage): OutgoingHttpHeaders {
  const value = COOKIE.exec(request.headers.cookie ?? '')?.[1] ?? 'dummy';
  return { 'set-cookie': `JSESSIONID=${value}; Path=/` };
}
