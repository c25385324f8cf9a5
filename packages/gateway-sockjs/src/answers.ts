import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { type GatewayHost, letAnswerBeRead, type OriginVerdict } from '@everywire/server/internal';
import { cors, NEVER_KEPT, sessionCookie } from './headers.js';

/** Answers of one gateway. */
export class Answers {
  readonly #gateway: GatewayHost;
  readonly #cookie: boolean;

  constructor(gateway: GatewayHost, cookie: boolean) {
    this.#gateway = gateway;
    this.#cookie = cookie;
  }

  /** Of every answer to a request of a session. */
  headers(request: IncomingMessage, origin: OriginVerdict): OutgoingHttpHeaders {
    return { ...NEVER_KEPT, ...cors(request, origin), ...(this.#cookie && sessionCookie(request)) };
  }

  /** `null` where the origin was refused, in words. An element's request says less of where it comes from. */
  originOf(request: IncomingMessage, response: ServerResponse, byElement: boolean): OriginVerdict | null {
    const { origins } = this.#gateway;
    const origin = byElement ? origins.checkElement(request) : origins.check(request);
    if (origin.kind !== 'refused') return origin;
    this.#gateway.onOriginRefused(origin.origin);
    this.refuse(request, response, 403, 'origin_refused', 'This origin may not connect here.');
    return null;
  }

  /** The connection goes with it: what of the request was not read is not going to be. */
  refuse(request: IncomingMessage, response: ServerResponse, status: number, code: string, text: string): void {
    this.#gateway.onRefused(status, code);
    letAnswerBeRead(request, response);
    say(response, status, text, { ...NEVER_KEPT, connection: 'close' });
  }
}

/** Whether the method is one of these; if not it is answered. */
export function allows(request: IncomingMessage, response: ServerResponse, methods: string): boolean {
  const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '');
  if (methods.split(', ').includes(method)) return true;
  response.writeHead(405, { allow: methods, 'content-length': '0' }).end();
  return false;
}

export function say(response: ServerResponse, status: number, text: string, headers: OutgoingHttpHeaders): void {
  const length = Buffer.byteLength(text);
  response.writeHead(status, { 'content-type': 'text/plain; charset=UTF-8', ...headers, 'content-length': length });
  response.end(text);
}

export function notFound(response: ServerResponse): void {
  say(response, 404, 'Not found.', NEVER_KEPT);
}
