import type { IncomingMessage } from 'node:http';

/** Longest head kept, in bytes: those of browsers are about 600. Beyond it, Node's parser reads every request. */
const HEAD_BYTES_MAX = 2_048;
/** So many digits are a whole number below 2^31. */
const DIGITS_MAX = 9;
/** Headers by which a request means something else, or its body is more than its bytes. */
const UNUSUAL = ['transfer-encoding', 'content-encoding', 'expect', 'upgrade', 'trailer', 'te'];

/**
 * The head of a POST that Node's parser has read and this server has judged, but for the digits of its length. Where the same
 * bytes come again they mean the same, so they need not be parsed: the next one is compared.
 */
export interface PostHead {
  readonly before: Buffer;
  readonly after: Buffer;
}

/**
 * The head of this request as nearly everybody writes it: who sends these bytes sends the same request, however this one was
 * written.
 *
 * @param bytes how many came since Node's parser stood between two requests. If they are as many as the request has, so written,
 *   it stands there again.
 * @returns `null` if not, or for a request of an unusual kind.
 */
export function learnHead(request: IncomingMessage, bytes: number): PostHead | null {
  const { headers, rawHeaders } = request;
  if (request.httpVersion !== '1.1' || request.method !== 'POST' || !request.complete) return null;
  if (UNUSUAL.some((name) => headers[name] !== undefined)) return null;
  let head = `POST ${request.url} HTTP/1.1\r\n`;
  let digitsAt = -1;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    head += `${name}: `;
    if (name.toLowerCase() === 'content-length') digitsAt = head.length;
    head += `${rawHeaders[at + 1]}\r\n`;
  }
  head += '\r\n';
  if (digitsAt < 0 || head.length > HEAD_BYTES_MAX) return null;
  if (head.length + Number(headers['content-length']) !== bytes) return null;
  const behind = head.indexOf('\r', digitsAt);
  return { before: Buffer.from(head.slice(0, digitsAt), 'latin1'), after: Buffer.from(head.slice(behind), 'latin1') };
}

/** @returns where the body begins, which goes to the end of the chunk; -1 if it is not one whole request with this head. */
export function matchHead({ before, after }: PostHead, chunk: Buffer): number {
  const { length } = chunk;
  let at = before.length;
  if (length < at + after.length + 1 || chunk.compare(before, 0, at, 0, at) !== 0) return -1;
  let stated = 0;
  const digitsTo = Math.min(at + DIGITS_MAX, length);
  for (; at < digitsTo; at++) {
    const digit = (chunk[at] as number) - 0x30;
    if (digit < 0 || digit > 9) break;
    stated = stated * 10 + digit;
  }
  const bodyAt = at + after.length;
  if (at === before.length || bodyAt + stated !== length) return -1;
  return chunk.compare(after, 0, after.length, at, bodyAt) === 0 ? bodyAt : -1;
}
