import type { IncomingMessage } from 'node:http';

/**
 * Maximum length of a cached head, in bytes. Heads of browsers have about 600. Node's parser reads all requests with longer
 * heads.
 */
const HEAD_BYTES_MAX = 2_048;
/** A number with this many digits is below 2^31. */
const DIGITS_MAX = 9;
/** Headers that change the meaning of a request or of its body. */
const UNUSUAL = ['transfer-encoding', 'content-encoding', 'expect', 'upgrade', 'trailer', 'te'];

/**
 * The head of a request that Node's parser has read and this server has accepted, except for the one part that may differ.
 * Identical bytes have an identical meaning, so further requests are compared instead of parsed.
 */
export interface CachedHead {
  readonly before: Buffer;
  readonly after: Buffer;
  /**
   * The part that may differ. `length`: the digits of a POST's length, followed by a body. `query`: the part of a GET behind the
   * `?`, without a body.
   */
  readonly differs: 'length' | 'query';
}

/**
 * Returns the head of this request in its usual form. A client that sends exactly these bytes sends the same request.
 *
 * @param bytes bytes received since Node's parser was between two requests. If the request in its usual form has as many, the
 * parser is between
 * two requests again.
 * @returns `null` if not, or for a request of an unusual kind
 */
export function learnHead(request: IncomingMessage, bytes: number): CachedHead | null {
  const { headers, method, url = '' } = request;
  const query = url.indexOf('?') + 1;
  const common = method === 'POST' || (method === 'GET' && query > 0 && headers['content-length'] === undefined);
  if (request.httpVersion !== '1.1' || !common || !request.complete) return null;
  if (UNUSUAL.some((name) => headers[name] !== undefined)) return null;
  const { head, digitsAt } = write(request);
  const bodyBytes = Number(headers['content-length'] ?? 0);
  if (head.length > HEAD_BYTES_MAX || head.length + bodyBytes !== bytes) return null;
  if (method === 'GET') {
    const from = `${method} ${url}`.length;
    return cut(head, from - url.length + query, from, 'query');
  }
  return digitsAt < 0 ? null : cut(head, digitsAt, head.indexOf('\r', digitsAt), 'length');
}

function write({ method, url, rawHeaders }: IncomingMessage): { readonly head: string; readonly digitsAt: number } {
  let head = `${method} ${url} HTTP/1.1\r\n`;
  let digitsAt = -1;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    head += `${name}: `;
    if (name.toLowerCase() === 'content-length') digitsAt = head.length;
    head += `${rawHeaders[at + 1]}\r\n`;
  }
  return { head: `${head}\r\n`, digitsAt };
}

function cut(head: string, from: number, to: number, differs: CachedHead['differs']): CachedHead {
  return { before: Buffer.from(head.slice(0, from), 'latin1'), after: Buffer.from(head.slice(to), 'latin1'), differs };
}

/**
 * Compares a chunk with a cached head.
 *
 * @returns start of the body, which extends to the end of the chunk, or of the query, which extends to `after`; -1 if the chunk
 * is not exactly
 * one request with this head
 */
export function matchHead({ before, after, differs }: CachedHead, chunk: Buffer, length: number): number {
  const from = before.length;
  if (length < from + after.length + 1 || chunk.compare(before, 0, from, 0, from) !== 0) return -1;
  const to = differs === 'query' ? length - after.length : behindDigits(chunk, from, length - after.length);
  if (to < 0 || chunk.compare(after, 0, after.length, to, to + after.length) !== 0) return -1;
  return differs === 'query' ? from : to + after.length;
}

/** Returns the end of the digits, or -1 if they do not state how many bytes of the chunk up to `room` follow them. */
function behindDigits(chunk: Buffer, from: number, room: number): number {
  let at = from;
  let stated = 0;
  for (const most = Math.min(from + DIGITS_MAX, room); at < most; at++) {
    const digit = (chunk[at] as number) - 0x30;
    if (digit < 0 || digit > 9) break;
    stated = stated * 10 + digit;
  }
  return at > from && at + stated === room ? at : -1;
}
