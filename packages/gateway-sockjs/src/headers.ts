import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { OriginVerdict } from '@everywire/server/internal';

const YEAR_S = 31_536_000;
const TOKENS = /^[\w!#$%&'*+.^`|~-]+(?:, ?[\w!#$%&'*+.^`|~-]+)*$/;
const TOKENS_LENGTH_MAX = 512;
const COOKIE = /(?:^|; *)JSESSIONID=([\w.~-]{1,128})(?:;|$)/;

export const NEVER_KEPT: OutgoingHttpHeaders = {
  'cache-control': 'no-store, no-cache, must-revalidate, max-age=0',
  'x-content-type-options': 'nosniff',
  'x-accel-buffering': 'no',
};

/** For a year. */
export function keptLong(): OutgoingHttpHeaders {
  return {
    'cache-control': `public, max-age=${YEAR_S}`,
    expires: new Date(Date.now() + YEAR_S * 1_000).toUTCString(),
    'x-content-type-options': 'nosniff',
  };
}

/** A page of an origin that may connect is named its origin; who is no page is allowed what it wants. */
export function cors(request: IncomingMessage, origin: OriginVerdict): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {
    'access-control-allow-origin': origin.kind === 'absent' ? '*' : origin.origin,
    'access-control-allow-credentials': 'true',
    vary: 'Origin',
  };
  const asked = request.headers['access-control-request-headers'];
  if (typeof asked === 'string' && asked.length <= TOKENS_LENGTH_MAX && TOKENS.test(asked))
    headers['access-control-allow-headers'] = asked;
  return headers;
}

export function preflight(request: IncomingMessage, origin: OriginVerdict, method: string): OutgoingHttpHeaders {
  return {
    ...keptLong(),
    ...cors(request, origin),
    'access-control-allow-methods': `OPTIONS, ${method}`,
    'access-control-max-age': String(YEAR_S),
  };
}

/** Some balancers send those who show this cookie to the same server. */
export function sessionCookie(request: IncomingMessage): OutgoingHttpHeaders {
  const value = COOKIE.exec(request.headers.cookie ?? '')?.[1] ?? 'dummy';
  return { 'set-cookie': `JSESSIONID=${value}; Path=/` };
}
