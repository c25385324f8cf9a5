import type { IncomingMessage } from 'node:http';
import type { ServerLimits } from './limits.js';
import { createDeadline, type TickWheel } from './tick-wheel.js';

/** What became of a request's body. `gone`: the client left, nobody waits for an answer. */
export type Body =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  | { readonly kind: 'refused'; readonly status: 408 | 413 | 415; readonly code: string }
  | { readonly kind: 'gone' };

/** Reads a body, counting before keeping: at most `bodyBytesMax`, and within `bodyTimeoutMs` however slowly it drips. */
export function readBody(
  request: IncomingMessage,
  limits: Pick<ServerLimits, 'bodyBytesMax' | 'bodyTimeoutMs'>,
  wheel: TickWheel,
): Promise<Body> {
  return new Promise((resolve) => {
    const encoding = request.headers['content-encoding'];
    // Nothing is decompressed here, so no small body can become a large one.
    if (encoding !== undefined && encoding !== 'identity') return resolve(refusal(415, 'content_encoding'));
    if (Number(request.headers['content-length'] ?? 0) > limits.bodyBytesMax)
      return resolve(refusal(413, 'body_too_large'));
    const chunks: Buffer[] = [];
    let length = 0;
    const deadline = createDeadline(() => settle(refusal(408, 'body_timeout')));

    function settle(body: Body): void {
      wheel.cancel(deadline);
      request.removeAllListeners('data').removeAllListeners('end');
      resolve(body);
    }

    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > limits.bodyBytesMax) return settle(refusal(413, 'body_too_large'));
      chunks.push(chunk);
    });
    request.on('end', () => settle({ kind: 'whole', bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks) }));
    request.on('close', () => settle({ kind: 'gone' }));
    request.on('error', () => settle({ kind: 'gone' }));
    wheel.schedule(deadline, limits.bodyTimeoutMs);
  });
}

function refusal(status: 408 | 413 | 415, code: string): Body {
  return { kind: 'refused', status, code };
}
