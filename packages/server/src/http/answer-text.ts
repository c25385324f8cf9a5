import { type OutgoingHttpHeaders, STATUS_CODES } from 'node:http';

/** The cached date line. Cached because it changes only once a second and is expensive to format. */
let dated: { readonly second: number; readonly line: string } = { second: 0, line: '' };

/** Returns the header line with the current date (RFC 9110 section 6.6.1). Returns the same string within a second. */
export function dateLine(): string {
  const now = Date.now();
  const second = Math.floor(now / 1_000);
  if (dated.second !== second) dated = { second, line: `date: ${new Date(now).toUTCString()}\r\n` };
  return dated.line;
}

/** Returns the head of a keep-alive answer, formatted like Node's, up to the value of its length. */
export function answerHead(status: number, headers: OutgoingHttpHeaders, keepMs: number): string {
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${dateLine()}connection: keep-alive\r\n`;
  if (keepMs > 0) head += `keep-alive: timeout=${Math.floor(keepMs / 1_000)}\r\n`;
  for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
  return `${head}content-length: `;
}

/**
 * Returns the same text as a flat string. The engine stores a concatenated string as a tree and would traverse the tree
 * at each write of a text that contains it.
 *
 * @param text one character for each byte
 */
export function inOnePiece(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

/** Returns a complete answer. @param body one character for each byte */
export function wholeAnswer(head: string, body: string): string {
  return `${head}${body.length}\r\n\r\n${body}`;
}
