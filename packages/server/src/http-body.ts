import type { IncomingMessage } from 'node:http';
import { createDeadline, type TickWheel } from './tick-wheel.js';

/** What became of a request's body. `gone`: the client left, nobody waits for an answer. */
export type Body =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  | { readonly kind: 'refused'; readonly status: 408 | 413 | 415; readonly code: string }
  | { readonly kind: 'gone' };

export interface BodyLimits {
  readonly bytesMax: number;
  readonly timeoutMs: number;
}

/** Reads a body, counting before keeping, and within its time however slowly it drips. Calls back once. */
export function readBody(
  request: IncomingMessage,
  limits: BodyLimits,
  wheel: TickWheel,
  onBody: (body: Body) => void,
): void {
  const encoding = request.headers['content-encoding'];
  // Nothing is decompressed here, so no small body can become a large one.
  if (encoding !== undefined && encoding !== 'identity') {
    onBody({ kind: 'refused', status: 415, code: 'content_encoding' });
    return;
  }
  if (Number(request.headers['content-length'] ?? 0) > limits.bytesMax) {
    onBody({ kind: 'refused', status: 413, code: 'body_too_large' });
    return;
  }
  const chunks: Buffer[] = [];
  let length = 0;
  let settled = false;
  const deadline = createDeadline(() => settle({ kind: 'refused', status: 408, code: 'body_timeout' }));

  function settle(body: Body): void {
    if (settled) return;
    settled = true;
    wheel.cancel(deadline);
    onBody(body);
  }

  request.on('data', (chunk: Buffer) => {
    if (settled) return;
    length += chunk.length;
    if (length > limits.bytesMax) settle({ kind: 'refused', status: 413, code: 'body_too_large' });
    else chunks.push(chunk);
  });
  request.on('end', () => settle({ kind: 'whole', bytes: Buffer.concat(chunks, length) }));
  request.on('close', () => settle({ kind: 'gone' }));
  request.on('error', () => settle({ kind: 'gone' }));
  wheel.schedule(deadline, limits.timeoutMs);
}
