import type { IncomingMessage } from 'node:http';
import type { ServerLimits } from '../limits.js';

/**
 * Why a request is refused without further processing. Its connection is closed, because the end of the request is
 * ambiguous.
 */
export interface HeadRefusal {
  readonly status: 400 | 414 | 431;
  readonly code: 'host_repeated' | 'transfer_encoding' | 'url_too_long' | 'too_many_headers';
}

/**
 * Detects requests that Node's parser accepts but a proxy in front may have read otherwise (RFC 9112 sections 3.2, 6.1
 * and 6.3): two hosts, a coding other than just `chunked`, any coding in HTTP/1.0, and excessive lengths. Returns
 * `null` if there is no problem.
 */
export function checkHead(
  request: IncomingMessage,
  limits: Pick<ServerLimits, 'urlBytesMax' | 'headersMax'>,
): HeadRefusal | null {
  const { rawHeaders, headers } = request;
  if ((request.url ?? '').length > limits.urlBytesMax) return { status: 414, code: 'url_too_long' };
  if (rawHeaders.length > limits.headersMax * 2) return { status: 431, code: 'too_many_headers' };
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && (coding.toLowerCase() !== 'chunked' || request.httpVersionMinor < 1))
    return { status: 400, code: 'transfer_encoding' };
  return hasDuplicateHost(rawHeaders) ? { status: 400, code: 'host_repeated' } : null;
}

/** Returns whether a request has two Host headers. Node's `headers` contain only the first one. */
export function hasDuplicateHost(rawHeaders: readonly string[]): boolean {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) if (isHost(rawHeaders[at] as string)) hosts += 1;
  return hosts > 1;
}

function isHost(name: string): boolean {
  return name.length === 4 && name.toLowerCase() === 'host';
}
