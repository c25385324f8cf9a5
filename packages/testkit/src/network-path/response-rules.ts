import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PathRules } from './path-rules.js';

/** Forwards a response according to the rules; returns whether they changed it. */
export function passResponse(
  response: IncomingMessage,
  answer: ServerResponse,
  { responses, gatherBytes, delayMs }: PathRules,
): boolean {
  const out = new LateResponse(answer, delayMs);
  const { 'transfer-encoding': chunked, connection: _connection, ...headers } = response.headers;
  const status = response.statusCode ?? 502;
  let held: Buffer[] = [];
  let heldBytes = 0;
  const release = (): void => {
    for (const piece of held) out.write(piece);
    held = [];
    heldBytes = 0;
  };
  const holds = responses === 'buffered' ? Number.POSITIVE_INFINITY : responses === 'gathered' ? gatherBytes : 0;
  let beheaded = responses !== 'beheaded' || chunked === undefined;
  const changes = !beheaded || holds > 0;
  // A buffering network forwards the head together with the body.
  if (responses !== 'buffered') out.head(status, headers);
  response.on('data', (piece: Buffer) => {
    if (!beheaded) {
      beheaded = true;
      return;
    }
    held.push(piece);
    heldBytes += piece.length;
    if (heldBytes >= holds) release();
  });
  response.on('end', () => {
    if (responses === 'buffered') out.head(status, headers);
    release();
    out.end();
  });
  return changes;
}

/** A response that delays each step by the same time, which keeps their order. */
class LateResponse {
  readonly #answer: ServerResponse;
  readonly #delayMs: number;

  constructor(answer: ServerResponse, delayMs: number) {
    this.#answer = answer;
    this.#delayMs = delayMs;
  }

  head(status: number, headers: IncomingMessage['headers']): void {
    this.#later(() => this.#answer.writeHead(status, headers).flushHeaders());
  }

  write(piece: Buffer): void {
    this.#later(() => this.#answer.write(piece));
  }

  end(): void {
    this.#later(() => this.#answer.end());
  }

  #later(step: () => void): void {
    if (this.#delayMs === 0) step();
    else setTimeout(() => this.#answer.destroyed || step(), this.#delayMs);
  }
}
