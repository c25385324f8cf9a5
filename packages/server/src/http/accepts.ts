import type { IncomingMessage } from 'node:http';

/**
 * Returns whether the client accepts an answer of that type (RFC 9110 section 12.5.1). Ignores weights, because there
 * is only one type of answer. A client that does not name the type at all, such as a browser that loads a page, does
 * not accept it.
 */
export function accepts(request: IncomingMessage, contentType: string): boolean {
  const { accept } = request.headers;
  if (accept === undefined || accept === '*/*') return true;
  const type = contentType.split(';')[0] as string;
  const group = `${type.split('/')[0]}/*`;
  return accept.split(',').some((part) => {
    const range = part.split(';')[0]?.trim().toLowerCase();
    return range === type || range === group || range === '*/*';
  });
}
