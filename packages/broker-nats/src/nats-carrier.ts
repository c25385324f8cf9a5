import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { type BrokerCarrier, BrokerError } from '@everywire/broker-broadcast';
import {
  type ConnectionOptions,
  connect,
  type NatsConnection,
  PermissionViolationError,
  type Status,
} from '@nats-io/transport-node';
import { parseServerAddresses } from './server-addresses.js';

/** How to connect to NATS. */
export interface NatsCarrierOptions {
  /**
   * Addresses of one server or of several servers of one cluster: `nats://user:password@host:port`,
   * `nats://token@host:port` or `tls://...`. Special characters of a password must be percent-encoded. All servers get
   * the same credentials.
   */
  readonly servers: string | readonly string[];
  /**
   * The NATS subject. All brokers of one installation must use the same one, in one NATS account. Default `everywire`.
   */
  readonly channel?: string;
  /** Called with `false` and the reason when the connection to the servers is lost, and with `true` when it is back. */
  readonly onContact?: (isThere: boolean, reason: Error | null) => void;
}

/** Maximum bytes of a frame. Larger frames would save nothing and would delay other clients of the server. */
const FRAME_BYTES_MAX = 65_536;
const ANSWER_WITHIN_MS = 5_000;
const RECONNECT_MS = 250;
const RECONNECT_MAX_MS = 5_000;
/** Milliseconds between pings. A connection counts as stale after two unanswered pings and one more interval: 9 s. */
const PING_MS = 3_000;
const PINGS_MAX = 2;
/** An empty message, published to check the permission to publish. Carriers ignore it. */
const PROBE = new Uint8Array();

/**
 * The carrier of frames over NATS: publishes and subscribes over one connection. The library reconnects. If the library
 * gives up, the carrier opens a new connection.
 */
export class NatsCarrier implements BrokerCarrier {
  frameBytesMax: number = FRAME_BYTES_MAX;
  onFrame: BrokerCarrier['onFrame'] = null;
  onContact: BrokerCarrier['onContact'] = null;
  readonly #options: NatsCarrierOptions;
  readonly #channel: string;
  readonly #settings: ConnectionOptions;
  /** The connection; `null` while the servers are not reachable. */
  #connection: NatsConnection | null = null;
  /** The last error of the server or the library. */
  #reason: Error | null = null;
  /**
   * Failed rounds of attempts, in each of which all servers were tried. The delay before the next attempt grows with
   * them.
   */
  #rounds = 0;
  #isClosed = false;

  private constructor(options: NatsCarrierOptions) {
    this.#options = options;
    this.#channel = options.channel ?? 'everywire';
    this.#settings = {
      ...parseServerAddresses(options.servers),
      name: 'everywire broker',
      noEcho: true,
      timeout: ANSWER_WITHIN_MS,
      pingInterval: PING_MS,
      maxPingOut: PINGS_MAX,
      maxReconnectAttempts: -1,
      reconnectDelayHandler: () => this.#waitMs(),
      reconnectToServer: ({ length }) => {
        // Ends the library's attempts here, between two of them. If `close` ended one in progress, its socket would
        // stay open.
        if (this.#isClosed) throw new BrokerError('broker_closed');
        this.#rounds += 1 / length;
        return null;
      },
    };
  }

  /**
   * Connects and checks that the server permits publishing and subscribing.
   *
   * @throws BrokerError `broker_unreachable`
   */
  static async connect(options: NatsCarrierOptions): Promise<NatsCarrier> {
    try {
      const carrier = new NatsCarrier(options);
      await carrier.#open();
      return carrier;
    } catch (error) {
      throw new BrokerError('broker_unreachable', error);
    }
  }

  async send(frames: readonly Uint8Array[]): Promise<void> {
    const connection = this.#connection;
    if (connection === null) throw new BrokerError('broker_away');
    for (const frame of frames) connection.publish(this.#channel, frame);
    try {
      await this.#flush(connection);
    } catch (error) {
      // Closes the connection, because the library would wait for unwritten data without a limit. If the connection was
      // lost already, the library is reconnecting.
      if (this.#connection === connection) await this.#cut(connection, error as Error);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const connection = this.#connection;
    this.#connection = null;
    // Without a connection there is nothing to close. The next attempt to connect is refused.
    await connection?.close();
  }

  /** Connects, subscribes, and checks that the server permits both directions. */
  async #open(settings: ConnectionOptions = {}): Promise<void> {
    const connection = await connect({ ...this.#settings, ...settings });
    this.#reason = null;
    const watching = this.#watch(connection);
    try {
      connection.subscribe(this.#channel, {
        // Copies the data, because it is a view of the socket's read buffer. A kept frame would keep the whole buffer
        // in memory.
        callback: (error, { data }) => void (error === null && data.length > 0 && this.onFrame?.(Buffer.from(data))),
      });
      connection.publish(this.#channel, PROBE);
      await this.#flush(connection);
      // The server sends a refusal before the answer to the flush, but the library reports it through more promises,
      // which takes until the next tick.
      await nextTurn();
      if (this.#reason !== null || this.#isClosed) throw this.#reason ?? new BrokerError('broker_closed');
    } catch (error) {
      await connection.close();
      throw error;
    }
    this.#found(connection);
    watching.then(() => this.#openAgain());
  }

  /**
   * Opens a new connection after the library gave up or the carrier closed the old one. Retries until it succeeds or
   * the carrier is closed.
   */
  async #openAgain(): Promise<void> {
    while (!this.#isClosed) {
      await sleep(this.#waitMs(), undefined, { ref: false });
      const isOpen = await this.#open({ waitOnFirstConnect: true }).then(
        () => true,
        () => false,
      );
      if (!isOpen) continue;
      this.#report(true, null);
      return;
    }
  }

  /** Resolves when the connection is closed for good. */
  async #watch(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) this.#onStatus(connection, status);
  }

  #onStatus(connection: NatsConnection, status: Status): void {
    switch (status.type) {
      case 'error':
        this.#reason = status.error;
        // Closes the connection, because the server would keep it open and drop the forbidden messages.
        if (status.error instanceof PermissionViolationError && this.#connection === connection)
          void this.#cut(connection, status.error);
        return;
      case 'staleConnection':
        this.#reason = new Error('The server did not answer in time.');
        return;
      case 'disconnect':
        this.#lost(this.#reason ?? new Error(`The connection to ${status.server} ended.`));
        return;
      case 'reconnect':
        this.#returned(connection);
        return;
      default:
    }
  }

  #returned(connection: NatsConnection): void {
    if (this.#isClosed) {
      void connection.close();
      return;
    }
    this.#found(connection);
    this.#report(true, null);
  }

  #found(connection: NatsConnection): void {
    this.#connection = connection;
    this.#reason = null;
    this.#rounds = 0;
    this.frameBytesMax = Math.min(connection.info?.max_payload ?? FRAME_BYTES_MAX, FRAME_BYTES_MAX);
  }

  #lost(reason: Error): void {
    if (this.#connection === null) return;
    this.#connection = null;
    this.#report(false, reason);
  }

  /** Closes a connection that the library would keep. `#openAgain` then opens another. */
  async #cut(connection: NatsConnection, reason: Error): Promise<void> {
    this.#lost(reason);
    await connection.close();
  }

  #report(isThere: boolean, reason: Error | null): void {
    this.onContact?.(isThere);
    // An error of the application's handler must not end the watch.
    queueMicrotask(() => this.#options.onContact?.(isThere, reason));
  }

  /** Resolves when the server has processed all earlier publications. Rejects after 5 s. */
  async #flush(connection: NatsConnection): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        timer = setTimeout(() => reject(new Error('The server did not answer in time.')), ANSWER_WITHIN_MS);
        connection.flush().then(resolve, reject);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  #waitMs(): number {
    return Math.min(RECONNECT_MS * 2 ** Math.floor(this.#rounds), RECONNECT_MAX_MS);
  }
}
