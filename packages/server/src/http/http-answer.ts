import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { lingerBeforeClose } from './linger-before-close.js';
import type { OriginVerdict } from './origin-policy.js';

/** Content type of records and errors. */
export const JSON_TYPE = 'application/json; charset=utf-8';
/**
 * The `Cache-Control` of every answer. It belongs to one session, so caches must not store it. Intermediaries must not
 * change it, because one that compresses a stream collects its bytes first.
 */
export const CACHE_CONTROL = 'no-store, no-transform';

/** Returns the headers of every answer. Browsers must not guess its type. */
export function answerHeaders(contentType: string, origin: OriginVerdict): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {
    'content-type': contentType,
    'cache-control': CACHE_CONTROL,
    'x-content-type-options': 'nosniff',
    'x-accel-buffering': 'no',
    // An address may contain a ticket, which the page's further requests would reveal to others.
    'referrer-policy': 'no-referrer',
  };
  // Only other origins need to be named; both kinds depend on the header, which caches must know.
  if (origin.kind !== 'absent') headers['vary'] = 'Origin';
  if (origin.kind === 'cross') headers['access-control-allow-origin'] = origin.origin;
  return headers;
}

/** Sends a JSON value as the answer. */
export type Say = (response: ServerResponse, status: number, json: string, origin: OriginVerdict) => void;

/** Sends an answer of known length: a record, or an error as `{code, text}`. */
export function answer(
  response: ServerResponse,
  status: number,
  json: string,
  origin: OriginVerdict,
  extra: OutgoingHttpHeaders = {},
): void {
  const headers = answerHeaders(JSON_TYPE, origin);
  headers['content-length'] = Buffer.byteLength(json);
  response.writeHead(status, { ...headers, ...extra });
  response.end(json);
}

/**
 * Sends an answer for clients that cannot read a status: an error is a line with a record that no session uses (SN-8).
 */
export const answerWithoutStatus: Say = (response, status, json, origin) =>
  answer(response, 200, status === 200 ? `${json}\n` : errorLine(json), origin);

/** Returns an error, `{code, text}`, as a line with a record. */
export function errorLine(json: string): string {
  return `{"t":"error",${json.slice(1)}\n`;
}

/** Answers a request whose body will not be read, and closes the connection. */
export function answerAndClose(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  json: string,
  origin: OriginVerdict,
  extra: OutgoingHttpHeaders = {},
): void {
  lingerBeforeClose(request, response);
  answer(response, status, json, origin, { connection: 'close', ...extra });
}

/** Returns an error as JSON. */
export function errorJson(code: string, text: string): string {
  return JSON.stringify({ code, text });
}

/** The answer while a session is being handed to another node. The client must retry (SN-24). */
export const frozenJson: string = errorJson('frozen', 'The session is being moved. Retry.');

/** Answers a CORS preflight (Fetch standard section 3.2.2): two methods and two headers, regardless of the request. */
export function answerPreflight(response: ServerResponse, origin: OriginVerdict): void {
  const headers = answerHeaders('text/plain; charset=utf-8', origin);
  response.writeHead(204, {
    ...headers,
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': 'content-type, authorization',
    'access-control-max-age': '7200',
  });
  response.end();
}
