import type { IncomingMessage } from 'node:http';

/**
 * Maximum length of a cached head (request line and headers), in bytes. Heads of browsers have about 600. Node's parser reads all
 * requests with longer heads.
 */
const HEAD_BYTES_MAX = 2_048;
/** Maximum digits of a length that are read. A number with this many digits is below 2^31. */
const DIGITS_MAX = 9;
/** Headers that change the meaning of a request or of its body. */
const UNUSUAL = ['transfer-encoding', 'content-encoding', 'expect', 'upgrade', 'trailer', 'te'];

/**
 * The head of a request that Node's parser has read and this server has accepted, except for the one part that may differ. A browser
 * sends nearly the same head with each request on a connection. Identical bytes have an identical meaning, so the fast path compares
 * further requests with this head instead of parsing them.
 */
export interface CachedHead {
  readonly before: Buffer;
  readonly after: Buffer;
  /**
   * The part between `before` and `after`, which may differ. `length`: the digits of the `Content-Length` of a POST with a body.
   * `query`: the part of the address of a GET behind the `?`; such a request has no body.
   */
  readonly differs: 'length' | 'query';
}

/**
 * Rebuilds the bytes of this request's head from the parsed headers. A client that sends exactly these bytes sends the same request.
 *
 * @param bytes number of bytes received since Node's parser was between two requests. The rebuilt head and the body must have this
 * length together, which shows that the client wrote the head in this form and has sent nothing after the request.
 * @returns `null` if the length differs, or for a request of an unusual kind
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

/** Rebuilds a head. `digitsAt`: the index of the `Content-Length`'s digits; -1 if there are none. */
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
 * @returns -1 if the chunk is not exactly one request with this head. Otherwise for a POST the start of the body, which extends to the
 * end of the chunk; for a GET the start of the query, which extends to `after`
 */
export function matchHead({ before, after, differs }: CachedHead, chunk: Buffer, length: number): number {
  const from = before.length;
  if (length < from + after.length + 1 || chunk.compare(before, 0, from, 0, from) !== 0) return -1;
  const to = differs === 'query' ? length - after.length : behindDigits(chunk, from, length - after.length);
  if (to < 0 || chunk.compare(after, 0, after.length, to, to + after.length) !== 0) return -1;
  return differs === 'query' ? from : to + after.length;
}

/** Returns the end of the digits at `from`; -1 unless their value is the number of bytes between that end and `room`. */
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
