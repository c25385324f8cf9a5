import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { GatewayAnswers, type GatewayHost, NEVER_KEPT, type OriginVerdict, say } from '@everywire/server/internal';
import { sessionCookie } from './headers.js';

/** Answers the HTTP requests of SockJS for one gateway: adds the headers and the session cookie that SockJS clients expect. */
export class SockJsAnswers extends GatewayAnswers {
  readonly #cookie: boolean;

  constructor(gateway: GatewayHost, cookie: boolean) {
    super(gateway);
    this.#cookie = cookie;
  }

  /** Returns the headers of every response to a session request. */
  headers(request: IncomingMessage, origin: OriginVerdict): Readonly<OutgoingHttpHeaders> {
    const headers = this.headersFor(request, origin);
    return this.#cookie ? { ...headers, ...sessionCookie(request) } : headers;
  }
}

/** Returns whether the method is allowed; if not, answers the request. */
export function allows(request: IncomingMessage, response: ServerResponse, methods: string): boolean {
  const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '');
  if (methods === method || methods.split(', ').includes(method)) return true;
  response.writeHead(405, { allow: methods, 'content-length': '0' }).end();
  return false;
}

/** Answers the request with 404. */
export function notFound(response: ServerResponse): void {
  say(response, 404, 'Not found.', NEVER_KEPT);
}
