import type { Server, Socket } from 'node:net';
import type { ServerLimits } from '../limits.js';
import { fittingConnections } from './fitting-connections.js';

/** What one address may have of the connections that fit: a quarter is left for all others. */
const SHARE_OF_ADDRESS = 0.75;

/** The limit that a connection exceeds, itself included. */
export type ExceededConnections = 'connectionsMax' | 'connectionsPerAddressMax';

/** The open connections of each address, and of all together, at all servers of one process, whatever they are used for. */
export class AddressConnections {
  /** Of all addresses. `Infinity` where nothing says how many files the process may have open. */
  readonly allMax: number;
  /** Of one address. */
  readonly max: number;
  readonly #counts = new Map<string, number>();
  /** Of each open connection; an http server may be that of several transports servers, each of which counts. */
  readonly #addresses = new WeakMap<Socket, string | null>();
  /** One function for all sockets, instead of a closure for each. */
  readonly #onClose: (this: Socket) => void;
  #all = 0;

  constructor({ connectionsMax, connectionsPerAddressMax }: AddressConnectionsLimits) {
    this.allMax = connectionsMax > 0 ? connectionsMax : (fittingConnections() ?? Number.POSITIVE_INFINITY);
    const share = Math.max(1, Math.floor(this.allMax * SHARE_OF_ADDRESS));
    this.max = connectionsPerAddressMax > 0 ? connectionsPerAddressMax : share;
    const remove = (socket: Socket): void => this.#remove(this.#addresses.get(socket) ?? null);
    this.#onClose = function onClose() {
      remove(this);
    };
  }

  /**
   * Counts a connection until it closes. `address`: see `addressKey`; `null` of a trusted proxy, which counts for all addresses only.
   * Returns the limit that is exceeded, `null` where none is.
   */
  add(socket: Socket, address: string | null): ExceededConnections | null {
    this.#all += 1;
    this.#addresses.set(socket, address);
    // It closes only once; `once` would keep three objects more with each connection.
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
 * Closes connections of one server beyond those that fit before they cost anything, and says so. A lower `maxConnections` of the server holds.
 *
 * @returns undoes it
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

/** Says that connections are closed because all servers together have as many as they may have. */
export function noticeFull(onNotice: OnNotice, max: number): void {
  onNotice('connections_full', `All ${max} connections are in use; further ones are closed.`);
}
