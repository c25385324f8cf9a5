import type { Server, Socket } from 'node:net';
import type { ServerLimits } from '../limits.js';
import { shareOfAddress } from './by-address.js';
import { fittingConnections } from './fitting-connections.js';

/** The limit that a new connection exceeds. */
export type ExceededConnections = 'connectionsMax' | 'connectionsPerAddressMax';

/** Counts the open connections of each address, and of all together, on all servers of one process. */
export class AddressConnections {
  /** Limit for all addresses together. `Infinity` if the limit of open files is unknown. */
  readonly allMax: number;
  /** Limit for one address. */
  readonly max: number;
  /** Number of open connections by address. */
  readonly #counts = new Map<string, number>();
  /**
   * The address of each open connection. One http server may belong to several transport servers, each of which counts.
   */
  readonly #addresses = new WeakMap<Socket, string | null>();
  /** The listener of all sockets. One function for all avoids a closure for each. */
  readonly #onClose: (this: Socket) => void;
  #all = 0;

  constructor({ connectionsMax, connectionsPerAddressMax }: AddressConnectionsLimits) {
    this.allMax = connectionsMax > 0 ? connectionsMax : (fittingConnections() ?? Number.POSITIVE_INFINITY);
    this.max = connectionsPerAddressMax > 0 ? connectionsPerAddressMax : shareOfAddress(this.allMax);
    const remove = (socket: Socket): void => this.#remove(this.#addresses.get(socket) ?? null);
    this.#onClose = function onClose() {
      remove(this);
    };
  }

  /** Number of open connections. */
  get size(): number {
    return this.#all;
  }

  /**
   * Counts a connection until it closes. `address`: see `addressKey`; `null` for a trusted proxy, which only counts
   * against the total. Returns the exceeded limit; `null` if there is none.
   */
  add(socket: Socket, address: string | null): ExceededConnections | null {
    this.#all += 1;
    this.#addresses.set(socket, address);
    // The event fires only once; `once` would allocate three more objects for each connection.
    socket.on('close', this.#onClose);
    const ofAddress = address === null ? 0 : this.#countAt(address);
    if (this.#all > this.allMax) return 'connectionsMax';
    return ofAddress > this.max ? 'connectionsPerAddressMax' : null;
  }

  #remove(address: string | null): void {
    this.#all -= 1;
    if (address === null) return;
    const left = (this.#counts.get(address) ?? 1) - 1;
    if (left > 0) this.#counts.set(address, left);
    else this.#counts.delete(address);
  }

  #countAt(address: string): number {
    const count = (this.#counts.get(address) ?? 0) + 1;
    this.#counts.set(address, count);
    return count;
  }
}

type AddressConnectionsLimits = Pick<ServerLimits, 'connectionsMax' | 'connectionsPerAddressMax'>;

/**
 * Sets the `maxConnections` of one server to the number of connections that the process can have, so that Node closes
 * further ones immediately, and sends a notice when that happens. A lower `maxConnections` of the server stays in
 * effect.
 *
 * @returns a function that restores the server
 */
export function boundServer(
  server: Server,
  { connections, onNotice }: { readonly connections: AddressConnections; readonly onNotice: OnNotice },
): () => void {
  const { maxConnections } = server;
  const most = connections.allMax;
  const onDrop = (): void => noticeFull(onNotice, server.maxConnections);
  if (Number.isFinite(most) && !(maxConnections < most)) server.maxConnections = most;
  server.on('drop', onDrop);
  return () => {
    server.removeListener('drop', onDrop);
    server.maxConnections = maxConnections;
  };
}

type OnNotice = (code: string, text: string) => void;

/** Sends a notice that connections are closed because all servers together have reached the limit. */
export function noticeFull(onNotice: OnNotice, max: number): void {
  onNotice(
    'connections_full',
    `All ${max} connections are in use; further ones are closed. Raise limits.connectionsMax or the limit of open files.`,
  );
}
