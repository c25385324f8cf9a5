import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSocketIoGateway, type SocketIoGateway, type SocketIoGatewayOptions } from '@everywire/gateway-socketio';
import { createWireServer, type WireServer, type WireServerOptions } from '@everywire/server';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';

/** Waits for an event of a client, and returns its first value. */
export function heard(
  client: { once(event: string, call: (value?: unknown) => void): unknown },
  event: string,
): Promise<unknown> {
  return new Promise((done) => client.once(event, done));
}

/** An HTTP server with our transport server, a Socket.IO gateway on it, and the clients of one test. */
export class SocketIoServer {
  readonly http: Server = createServer();
  readonly wire: WireServer;
  readonly io: SocketIoGateway;
  /** Codes of the notices that the server has reported to its operator. */
  readonly notices: string[] = [];
  readonly #clients: Socket[] = [];

  constructor(options: SocketIoGatewayOptions = {}, wireOptions: Partial<WireServerOptions> = {}) {
    this.wire = createWireServer({
      onSession: () => undefined,
      onNotice: ({ code }) => this.notices.push(code),
      ...wireOptions,
    });
    this.wire.attach(this.http);
    this.io = createSocketIoGateway(this.wire, options);
  }

  async listen(): Promise<this> {
    await new Promise<void>((done) => this.http.listen(0, '127.0.0.1', done));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  /** Creates a client of the published library `socket.io-client`, with a separate connection. */
  client(options: Partial<ManagerOptions & SocketOptions> = {}, namespace = '/'): Socket {
    const client = io(this.url + namespace, { forceNew: true, reconnectionDelay: 10, ...options });
    this.#clients.push(client);
    return client;
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.io.engine?.close();
    for (const client of this.#clients) client.disconnect();
    await this.wire.close({ deadlineMs: 0 });
    this.http.closeAllConnections();
    await new Promise((done) => this.http.close(done));
  }
}
