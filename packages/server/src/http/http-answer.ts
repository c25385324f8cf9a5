import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { letAnswerBeRead } from './let-answer-be-read.js';
import type { OriginVerdict } from './origin-policy.js';

/** Of records and errors. */
export const jsonType = 'application/json; charset=utf-8';

/** On every answer: it is one session's, it is not to be kept, and it is what it says it is. */
export function answerHeaders(contentType: string, origin: OriginVerdict): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {
    'content-type': contentType,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-accel-buffering': 'no',
    // An address may hold a ticket, and what a page loads next would tell it to others.
    'referrer-policy': 'no-referrer',
  };
  // The allowed origin is named for other origins only; both kinds depend on the header, and a cache has to know.
  if (origin.kind !== 'absent') headers['vary'] = 'Origin';
  if (origin.kind === 'cross') headers['access-control-allow-origin'] = origin.origin;
  return headers;
}

/** How an answer of one JSON value is given. */
export type Say = (response: ServerResponse, status: number, json: string, origin: OriginVerdict) => void;

/** One answer of known length: a record, or an error as `{code, text}`. */
export function answer(
  response: ServerResponse,
  status: number,
  json: string,
  origin: OriginVerdict,
  extra: OutgoingHttpHeaders = {},
): void {
  const headers = answerHeaders(jsonType, origin);
  headers['content-length'] = Buffer.byteLength(json);
  response.writeHead(status, { ...headers, ...extra });
  response.end(json);
}

/** The same for who reads no status: an error is a record, which no session knows, in a line (SN-8). */
export const answerWithoutStatus: Say = (response, status, json, origin) =>
  answer(response, 200, status === 200 ? `${json}\n` : errorLine(json), origin);

/** An error, `{code, text}`, as a line with a record. */
export function errorLine(json: string): string {
  return `{"t":"error",${json.slice(1)}\n`;
}

/** An answer to a request whose body is not going to be read: the connection goes with it. */
export function answerAndClose(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  json: string,
  origin: OriginVerdict,
  extra: OutgoingHttpHeaders = {},
): void {
  letAnswerBeRead(request, response);
  answer(response, status, json, origin, { connection: 'close', ...extra });
}

export function errorJson(code: string, text: string): string {
  return JSON.stringify({ code, text });
}

/** The session is on its way to another node: come again (SN-24). */
export const frozenJson: string = errorJson('frozen', 'The session is being moved.');

/** CORS preflight (Fetch standard section 3.2.2): two methods and two headers, whatever was asked for. */
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
