import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { RestErrorCode } from '@everywire/chat';
import { restErrorBody } from './error-codes.js';

/**
 * The answers to errors of Node's HTTP parser, for requests that reach no route. Any other error is answered 400
 * `invalid`.
 */
const answers: Readonly<Record<string, readonly [status: number, code: RestErrorCode]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'invalid'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'too_long'],
  HPE_HEADER_OVERFLOW: [431, 'too_long'],
};

/** Answers a malformed HTTP request with the usual body of a refusal, and closes the connection. */
export function answerUnparsed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const [status, code] = answers[error.code ?? ''] ?? [400, 'invalid'];
  // If the head of an earlier answer was already sent, the client would read these bytes as a part of that answer.
  const { _httpMessage: answering } = socket as Socket & { readonly _httpMessage?: ServerResponse | null };
  if (socket.writable && answering?.headersSent !== true) {
    const body = JSON.stringify(restErrorBody(code, null));
    const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, 'Content-Type: application/json; charset=utf-8'];
    const rest = [`Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close', '', body];
    socket.write([...head, ...rest].join('\r\n'));
  }
  socket.destroy(error);
}
