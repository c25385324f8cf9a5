import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { letAnswerBeRead } from '../http/let-answer-be-read.js';
import type { OriginVerdict } from '../http/origin-policy.js';
import type { GatewayHost } from './gateway-host.js';

const TOKENS = /^[\w!#$%&'*+.^`|~-]+(?:, ?[\w!#$%&'*+.^`|~-]+)*$/;
const TOKENS_LENGTH_MAX = 512;

export const NEVER_KEPT: OutgoingHttpHeaders = {
  'cache-control': 'no-store, no-cache, must-revalidate, max-age=0',
  'x-content-type-options': 'nosniff',
  'x-accel-buffering': 'no',
};

/** A client that is no page may read whatever it wants. */
function readableBy(origin: OriginVerdict): string {
  return origin.kind === 'absent' ? '*' : origin.origin;
}

/** Names the origin of a page that may connect. */
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

/** Ends a response with a text of known length. */
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

/** What the answers of one gateway have in common, and its refusals. */
export class GatewayAnswers {
  readonly #gateway: GatewayHost;
  /** Mostly the next request is of the same page. */
  #lastReader = '';
  #lastHeaders: Readonly<OutgoingHttpHeaders> = NEVER_KEPT;

  constructor(gateway: GatewayHost) {
    this.#gateway = gateway;
  }

  /** Headers of an answer that its page may read and nothing keeps. */
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

  /** Returns `null` where the origin is refused, and answers with 403. A request made by an element says less about its page. */
  originOf(request: IncomingMessage, response: ServerResponse, byElement: boolean): OriginVerdict | null {
    const { origins } = this.#gateway;
    const origin = byElement ? origins.checkElement(request) : origins.check(request);
    if (origin.kind !== 'refused') return origin;
    this.#gateway.onOriginRefused(origin.origin);
    this.refuse(request, response, 403, 'origin_refused', 'This origin may not connect here.');
    return null;
  }

  /** Answers, and closes the connection: the rest of the request is not read. */
  refuse(
    request: IncomingMessage,
    response: ServerResponse,
    status: number,
    code: string,
    text: string,
    headers: OutgoingHttpHeaders = NEVER_KEPT,
  ): void {
    this.#gateway.onRefused(status, code);
    letAnswerBeRead(request, response);
    say(response, status, text, { ...headers, connection: 'close' });
  }
}
