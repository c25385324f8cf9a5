import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { lingerBeforeClose } from '../http/linger-before-close.js';
import type { OriginVerdict } from '../http/origin-policy.js';
import type { GatewayHost } from './gateway-host.js';

const TOKENS = /^[\w!#$%&'*+.^`|~-]+(?:, ?[\w!#$%&'*+.^`|~-]+)*$/;
const TOKENS_LENGTH_MAX = 512;

/** Headers of answers that must not be cached, in the words of SockJS. For `no-transform`, see `CACHE_CONTROL`. */
export const NEVER_KEPT: OutgoingHttpHeaders = {
  'cache-control': 'no-store, no-cache, no-transform, must-revalidate, max-age=0',
  'x-content-type-options': 'nosniff',
  'x-accel-buffering': 'no',
};

/** Returns the origin that may read an answer; `*` (any) for a client that is not a page. */
function readableBy(origin: OriginVerdict): string {
  return origin.kind === 'absent' ? '*' : origin.origin;
}

/** Returns CORS headers for the origin of a page that may connect. */
export function corsHeaders(request: IncomingMessage, origin: OriginVerdict): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {
    'access-control-allow-origin': readableBy(origin),
    'access-control-allow-credentials': 'true',
    vary: 'Origin',
  };
  const asked = request.headers['access-control-request-headers'];
  if (typeof asked === 'string' && asked.length <= TOKENS_LENGTH_MAX && TOKENS.test(asked))
    headers['access-control-allow-headers'] = asked;
  return headers;
}

/** Answers with a text of known length. */
export function say(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<OutgoingHttpHeaders>,
): void {
  const length = Buffer.byteLength(text);
  response.writeHead(status, { 'content-type': 'text/plain; charset=UTF-8', ...headers, 'content-length': length });
  response.end(text);
}

/** Common answers and refusals of one gateway. */
export class GatewayAnswers {
  readonly #gateway: GatewayHost;
  /** A cache of one entry, because the next request mostly comes from the same page. */
  #lastReader = '';
  #lastHeaders: Readonly<OutgoingHttpHeaders> = NEVER_KEPT;

  constructor(gateway: GatewayHost) {
    this.#gateway = gateway;
  }

  /** Returns headers of an answer that its page may read and that is not cached. */
  headersFor(request: IncomingMessage, origin: OriginVerdict): Readonly<OutgoingHttpHeaders> {
    const reader = readableBy(origin);
    const asks = request.headers['access-control-request-headers'] !== undefined;
    if (asks) return { ...NEVER_KEPT, ...corsHeaders(request, origin) };
    if (reader !== this.#lastReader) {
      this.#lastReader = reader;
      this.#lastHeaders = { ...NEVER_KEPT, ...corsHeaders(request, origin) };
    }
    return this.#lastHeaders;
  }

  /**
   * Checks the origin. If it is refused, answers 403 and returns `null`. `byElement`: an element of a page (such as a
   * script) sent the request. Such a request reveals less about its page.
   */
  originOf(request: IncomingMessage, response: ServerResponse, byElement: boolean): OriginVerdict | null {
    const { origins } = this.#gateway;
    const origin = byElement ? origins.checkElement(request) : origins.check(request);
    if (origin.kind !== 'refused') return origin;
    this.#gateway.onOriginRefused(origin.origin);
    this.refuse(request, response, 403, 'origin_refused', 'This origin may not connect here.');
    return null;
  }

  /** Answers with a refusal and closes the connection without reading the rest of the request. */
  refuse(
    request: IncomingMessage,
    response: ServerResponse,
    status: number,
    code: string,
    text: string,
    headers: OutgoingHttpHeaders = NEVER_KEPT,
  ): void {
    this.#gateway.onRefused(status, code);
    lingerBeforeClose(request, response);
    say(response, status, text, { ...headers, connection: 'close' });
  }
}
