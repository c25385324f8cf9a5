import type { IncomingMessage } from 'node:http';

/** Longest head kept, in bytes: those of browsers are about 600. Beyond it, Node's parser reads every request. */
const HEAD_BYTES_MAX = 2_048;
/** So many digits are a whole number below 2^31. */
const DIGITS_MAX = 9;
/** Headers by which a request means something else, or its body is more than its bytes. */
const UNUSUAL = ['transfer-encoding', 'content-encoding', 'expect', 'upgrade', 'trailer', 'te'];

/**
 * The head of a request that Node's parser has read and this server has judged, but for the one part in which the next may differ.
 * Where the same bytes come again they mean the same, so they need not be parsed: the next one is compared.
 */
export interface KeptHead {
  readonly before: Buffer;
  readonly after: Buffer;
  /** Of a POST the digits of its length, with a body behind; of a GET what stands behind the `?`, and nothing behind. */
  readonly differs: 'length' | 'query';
}

/**
 * The head of this request as nearly everybody writes it: who sends these bytes sends the same request, however this one was
 * written.
 *
 * @param bytes how many came since Node's parser stood between two requests. If they are as many as the request has, so written,
 *   it stands there again.
 * @returns `null` if not, or for a request of an unusual kind.
 */
export function learnHead(request: IncomingMessage, bytes: number): KeptHead | null {
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

function cut(head: string, from: number, to: number, differs: KeptHead['differs']): KeptHead {
  return { before: Buffer.from(head.slice(0, from), 'latin1'), after: Buffer.from(head.slice(to), 'latin1'), differs };
}

/**
 * @returns where what is said begins, a body that goes to the end of the chunk or a query up to `after`; -1 if these bytes are not
 *   one whole request with this head.
 */
export function matchHead({ before, after, differs }: KeptHead, chunk: Buffer, length: number): number {
  const from = before.length;
  if (length < from + after.length + 1 || chunk.compare(before, 0, from, 0, from) !== 0) return -1;
  const to = differs === 'query' ? length - after.length : behindDigits(chunk, from, length - after.length);
  if (to < 0 || chunk.compare(after, 0, after.length, to, to + after.length) !== 0) return -1;
  return differs === 'query' ? from : to + after.length;
}

/** @returns where the digits from there on end; -1 where they do not say how much of the chunk is behind `room`. */
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
