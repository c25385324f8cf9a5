import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** How something on the way refuses a body: by 413 with that text, or by a cut in the middle of it. */
type Refusal = { readonly status: string } | 'cut';

export interface SizeLimitOptions {
  /** Bytes of a body that pass; may be changed. */
  bytesMax: number;
  readonly refusal: Refusal;
  /** Answers are passed on when they are complete, as by a proxy that buffers. */
  readonly withholds?: boolean;
  /** Each body that passes is sent twice, and the second answer is used. */
  readonly replays?: boolean;
}

/** A firewall's inspection: no WebSocket, and no body above a limit. */
export class SizeLimit {
  readonly options: SizeLimitOptions;
  /** Bodies that were refused, and the largest that passed. */
  refused = 0;
  passedBytes = 0;
  readonly #serverPort: number;
  readonly #sockets = new Set<Socket>();
  readonly #http = createServer((asked, answer) => this.#onRequest(asked, answer));

  private constructor(serverPort: number, options: SizeLimitOptions) {
    this.#serverPort = serverPort;
    this.options = options;
    this.#http.on('upgrade', (_asked, socket) => socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n'));
    this.#http.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(serverPort: number, options: SizeLimitOptions): Promise<SizeLimit> {
    const limit = new SizeLimit(serverPort, options);
    await new Promise<void>((done) => limit.#http.listen(0, '127.0.0.1', done));
    return limit;
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((done) => this.#http.close(done));
  }

  #onRequest(asked: IncomingMessage, answer: ServerResponse): void {
    const pieces: Buffer[] = [];
    let bytes = 0;
    asked.on('data', (piece: Buffer) => {
      bytes += piece.length;
      pieces.push(piece);
    });
    asked.on('end', () => {
      if (bytes > this.options.bytesMax) this.#refuse(asked, answer);
      else this.#pass(asked, answer, Buffer.concat(pieces));
    });
    asked.on('error', () => undefined);
  }

  #refuse({ socket }: IncomingMessage, answer: ServerResponse): void {
    const { refusal } = this.options;
    this.refused += 1;
    if (refusal === 'cut') socket.destroy();
    else answer.writeHead(413, { 'content-type': 'text/html' }).end(refusal.status);
  }

  #pass(asked: IncomingMessage, answer: ServerResponse, body: Buffer): void {
    const { withholds, replays } = this.options;
    this.passedBytes = Math.max(this.passedBytes, body.length);
    const replay = replays === true && (asked.url ?? '').endsWith('/up');
    const forward = (done: (got: IncomingMessage) => void): void => {
      const { method = 'GET', url = '/', headers } = asked;
      const on = { host: '127.0.0.1', port: this.#serverPort, method, path: url, headers: { ...headers } };
      const onward = request(on, done);
      onward.on('error', () => asked.socket.destroy());
      answer.on('close', () => onward.destroy());
      onward.end(body);
    };
    const give = (got: IncomingMessage): void => {
      got.on('error', () => asked.socket.destroy());
      if (withholds) withhold(got, answer);
      else {
        answer.writeHead(got.statusCode ?? 502, got.headers).flushHeaders();
        got.pipe(answer);
      }
    };
    forward((first) => {
      if (!replay) give(first);
      else first.resume().on('end', () => forward(give));
    });
  }
}

function withhold(got: IncomingMessage, answer: ServerResponse): void {
  const pieces: Buffer[] = [];
  got.on('data', (piece: Buffer) => pieces.push(piece));
  got.on('end', () => answer.writeHead(got.statusCode ?? 502, got.headers).end(Buffer.concat(pieces)));
}
