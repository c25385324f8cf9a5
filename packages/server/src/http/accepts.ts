import type { IncomingMessage } from 'node:http';

/**
 * Whether whoever asks takes an answer of that type (RFC 9110 section 12.5.1). Weights are not looked at: there is one answer, so
 * only what is not named at all is refused, such as a stream for somebody who wants a page.
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
