import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A proxy that counts bytes and requests, as a check of the figures that the lab shows. It does not use the lab's HTTP
 * parser: it finds requests by their first line.
 */
export class CountingProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #counts = { requests: 0, bytesUp: 0, bytesDown: 0 };

  private constructor(target: number) {
    this.#server = createServer((client) => {
      const upstream = connect(target, '127.0.0.1');
      for (const socket of [client, upstream]) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          client.destroy();
          upstream.destroy();
        });
      }
      client.on('data', (piece: Buffer) => {
        this.#counts.bytesUp += piece.length;
        this.#counts.requests +=
          piece.toString('latin1').match(/(GET|POST) \/everywire\/\S* HTTP\/1\.1\r\n/g)?.length ?? 0;
      });
      upstream.on('data', (piece: Buffer) => {
        this.#counts.bytesDown += piece.length;
      });
      client.pipe(upstream);
      upstream.pipe(client);
    });
    this.#server.listen(0, '127.0.0.1');
  }

  static async start(target: number): Promise<CountingProxy> {
    const proxy = new CountingProxy(target);
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  counts(): { readonly requests: number; readonly bytesUp: number; readonly bytesDown: number } {
    return { ...this.#counts };
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
