import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { LaneLog } from './lane-log.js';
import { MeteredConnection } from './metered-connection.js';
import type { LaneCounts } from './reports.js';

/** The maximum number of open connections of a lane. Further connections are closed. */
const CONNECTIONS_MAX = 200;

/** A proxy in front of a lane. Passes on all bytes unchanged, and counts and logs the traffic of the transport. */
export class WireMeter {
  readonly log: LaneLog = new LaneLog();
  readonly #server: Server;
  readonly #connections: Set<MeteredConnection> = new Set();
  readonly #sockets: Set<Socket> = new Set();
  readonly #counts = { requests: 0, bytesUp: 0, bytesDown: 0, emptyAnswers: 0 };
  #opened = 0;

  /** @param target the port on this machine to which everything is forwarded */
  constructor(target: number) {
    this.#server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => this.#take(client, target));
    this.#server.maxConnections = CONNECTIONS_MAX;
  }

  /** Listens and returns the port. Port 0 lets the system choose. */
  listen(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => resolve((this.#server.address() as AddressInfo).port));
    });
  }

  /** Returns the counts since the start of the lab. */
  counts(): LaneCounts {
    const held = [...this.#connections].filter(({ isHeld }) => isHeld).length;
    return { ...this.#counts, connections: this.#connections.size, held };
  }

  close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    return closed;
  }

  #take(client: Socket, target: number): void {
    this.#opened += 1;
    const upstream = connect({ host: '127.0.0.1', port: target, noDelay: true, allowHalfOpen: true });
    const connection = new MeteredConnection(this.#opened, this.#counts, this.log);
    this.#connections.add(connection);
    pass(client, upstream, (piece) => connection.onUp(piece));
    pass(upstream, client, (piece) => connection.onDown(piece));
    for (const socket of [client, upstream]) this.#sockets.add(socket);
    upstream.on('close', () => this.#sockets.delete(upstream));
    client.on('close', () => {
      this.#sockets.delete(client);
      this.#connections.delete(connection);
      connection.onEnd();
    });
  }
}

/** Forwards bytes and ends. If one socket breaks, destroys the other. */
function pass(from: Socket, to: Socket, see: (piece: Buffer) => void): void {
  from.on('data', (piece: Buffer) => {
    see(piece);
    if (!to.write(piece)) from.pause();
  });
  to.on('drain', () => from.resume());
  from.on('end', () => to.end());
  from.on('error', () => to.resetAndDestroy());
  from.on('close', () => {
    if (!to.writableEnded) to.destroy();
  });
}
