import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { createSockJsGateway, type SockJsConnection, type SockJsGatewayOptions } from '@everywire/gateway-sockjs';
import { createWireServer, type WireServer, type WireServerOptions } from '@everywire/server';

/** An HTTP server with our transport server and SockJS gateways on it. Each service echoes messages by default. */
export class SockJsServer {
  readonly http: Server = createServer();
  readonly wire: WireServer;
  readonly connections: SockJsConnection[] = [];
  /** Codes of the notices that the server has reported to its operator. */
  readonly notices: string[] = [];
  readonly #sockets: Set<Socket> = new Set();

  constructor(options: Partial<WireServerOptions> = {}) {
    this.wire = createWireServer({
      onSession: () => undefined,
      onNotice: ({ code }) => this.notices.push(code),
      ...options,
    });
    this.wire.attach(this.http);
  }

  /** Adds a SockJS service at a path. */
  serve(path: string, options: Partial<SockJsGatewayOptions> = {}): this {
    createSockJsGateway(this.wire, {
      path,
      jsonp: true,
      onConnection: (connection) => {
        this.connections.push(connection);
        connection.onMessage = (text) => void connection.send(text);
      },
      ...options,
    });
    return this;
  }

  async listen(): Promise<this> {
    await new Promise<void>((done) => this.http.listen(0, '127.0.0.1', done));
    return this;
  }

  get port(): number {
    return (this.http.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Sends a request and returns its answer while it arrives, because a stream does not end. */
  open(method: string, path: string, headers = '', version = '1.1'): Answer {
    const socket = connect(this.port, '127.0.0.1');
    this.#sockets.add(socket);
    const length = method === 'POST' ? 'Content-Length: 0\r\n' : '';
    socket.write(`${method} ${path} HTTP/${version}\r\nHost: 127.0.0.1:${this.port}\r\n${length}${headers}\r\n`);
    return new Answer(socket);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await this.wire.close({ deadlineMs: 0 });
    this.http.closeAllConnections();
    await new Promise((done) => this.http.close(done));
  }
}

/** An answer that grows as its bytes arrive, decoded from chunks. */
export class Answer {
  readonly socket: Socket;
  readonly #pieces: Buffer[] = [];
  ended = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (piece) => this.#pieces.push(piece));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.ended = true;
    });
  }

  get head(): string {
    return this.#text.split('\r\n\r\n', 1)[0] ?? '';
  }

  get body(): string {
    const chunks = this.#text.slice(this.head.length + 4);
    return /transfer-encoding: chunked/i.test(this.head)
      ? chunks.replaceAll(/(?:^|\r\n)[\da-f]+\r\n/g, '').replace(/\r\n$/, '')
      : chunks;
  }

  /** Whether the announced length, or the last chunk, has arrived. */
  get isWhole(): boolean {
    const length = /^content-length: (\d+)/im.exec(this.head)?.[1];
    if (length !== undefined) return Buffer.byteLength(this.body) >= Number(length);
    return /\r\n0\r\n\r\n$/.test(this.#text) || this.ended;
  }

  get #text(): string {
    return Buffer.concat(this.#pieces).toString('utf8');
  }
}
