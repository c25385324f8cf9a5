import { type OutgoingHttpHeaders, STATUS_CODES } from 'node:http';

/** The date changes once a second, and making it is dear. */
let dated: { readonly second: number; readonly line: string } = { second: 0, line: '' };

/** The line of a head that says when it was written (RFC 9110 section 6.6.1). The same string for a second. */
export function dateLine(): string {
  const now = Date.now();
  const second = Math.floor(now / 1_000);
  if (dated.second !== second) dated = { second, line: `date: ${new Date(now).toUTCString()}\r\n` };
  return dated.line;
}

/** The head of an answer that keeps its connection, as Node's own response writes it, up to its length. */
export function answerHead(status: number, headers: OutgoingHttpHeaders, keepMs: number): string {
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${dateLine()}connection: keep-alive\r\n`;
  if (keepMs > 0) head += `keep-alive: timeout=${Math.floor(keepMs / 1_000)}\r\n`;
  for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
  return `${head}content-length: `;
}

/**
 * The same text in one piece. What was put together is a tree to the engine until it is written, and what is kept to be put
 * into many others stays one: each write would walk it again.
 *
 * @param text one character a byte
 */
export function inOnePiece(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

/** @param body one character a byte */
export function wholeAnswer(head: string, body: string): string {
  return `${head}${body.length}\r\n\r\n${body}`;
}
