import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { BrokerError, type Carrier } from '@everywire/broker-broadcast';
import {
  type ConnectionOptions,
  connect,
  type NatsConnection,
  PermissionViolationError,
  type Status,
} from '@nats-io/transport-node';
import { parseServerAddresses } from './server-addresses.js';

export interface CarrierOptions {
  /**
   * `nats://user:password@host:port`, `nats://token@host:port` or `tls://...`, one or several of one cluster. Special characters of a password are
   * percent-encoded. All servers take the same credentials.
   */
  readonly servers: string | readonly string[];
  /** Brokers that share it, in one NATS account, are of one installation: the subject. Default `everywire`. */
  readonly channel?: string;
  /** Called when contact with the servers was lost, with the reason, and when it is back. */
  readonly onContact?: (isThere: boolean, reason: Error | null) => void;
}

/** Larger frames save nothing, and keep a server's other clients waiting. */
const FRAME_BYTES_MAX = 65_536;
const ANSWER_WITHIN_MS = 5_000;
const RECONNECT_MS = 250;
const RECONNECT_MAX_MS = 5_000;
/** A connection is stale after two unanswered pings and one more interval: 9 s. */
const PING_MS = 3_000;
const PINGS_MAX = 2;
/** Published to learn whether this user may publish. Carriers skip an empty message. */
const PROBE = new Uint8Array();

/** One connection that publishes and subscribes. The library reconnects it; where the library gives up, the carrier makes another. */
export class NatsCarrier implements Carrier {
  frameBytesMax: number = FRAME_BYTES_MAX;
  onFrame: Carrier['onFrame'] = null;
  onContact: Carrier['onContact'] = null;
  readonly #options: CarrierOptions;
  readonly #channel: string;
  readonly #settings: ConnectionOptions;
  /** `null` while there is no contact. */
  #connection: NatsConnection | null = null;
  /** What the server or the library complained about last. */
  #reason: Error | null = null;
  /** Rounds over all servers without success. */
  #rounds = 0;
  #isClosed = false;

  private constructor(options: CarrierOptions) {
    this.#options = options;
    this.#channel = options.channel ?? 'everywire';
    this.#settings = {
      ...parseServerAddresses(options.servers),
      ...{ name: 'everywire broker', noEcho: true, timeout: ANSWER_WITHIN_MS },
      ...{ pingInterval: PING_MS, maxPingOut: PINGS_MAX, maxReconnectAttempts: -1 },
      reconnectDelayHandler: () => this.#waitMs(),
      reconnectToServer: ({ length }) => {
        // Ends the library's attempts between two of them: a `close` during one would leave its socket open.
        if (this.#isClosed) throw new BrokerError('broker_closed');
        this.#rounds += 1 / length;
        return null;
      },
    };
  }

  /** @throws BrokerError `broker_unreachable` */
  static async connect(options: CarrierOptions): Promise<NatsCarrier> {
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
      // The library itself would wait for ever for what it could not write. Where contact was lost, it reconnects already.
      if (this.#connection === connection) await this.#cut(connection, error as Error);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const connection = this.#connection;
    this.#connection = null;
    // Without contact there is nothing to close: the next attempt to connect is refused.
    await connection?.close();
  }

  /** Connects, subscribes, and checks that the server permits both directions. */
  async #open(settings: ConnectionOptions = {}): Promise<void> {
    const connection = await connect({ ...this.#settings, ...settings });
    this.#reason = null;
    const watching = this.#watch(connection);
    try {
      connection.subscribe(this.#channel, {
        // Copied: the data is a part of what the socket read, which a kept frame would keep as a whole.
        callback: (error, { data }) => void (error === null && data.length > 0 && this.onFrame?.(Buffer.from(data))),
      });
      connection.publish(this.#channel, PROBE);
      await this.#flush(connection);
      // A refusal comes before the answer to the flush, and through more promises.
      await nextTurn();
      if (this.#reason !== null || this.#isClosed) throw this.#reason ?? new BrokerError('broker_closed');
    } catch (error) {
      await connection.close();
      throw error;
    }
    this.#found(connection);
    watching.then(() => this.#openAgain());
  }

  /** After the library gave up, or was made to. */
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
        // The server keeps this connection, and drops what it forbids.
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

  /** Gives up a connection that the library would keep; `#openAgain` follows. */
  async #cut(connection: NatsConnection, reason: Error): Promise<void> {
    this.#lost(reason);
    await connection.close();
  }

  #report(isThere: boolean, reason: Error | null): void {
    this.onContact?.(isThere);
    // An error that the application throws is its own, and does not end the watch.
    queueMicrotask(() => this.#options.onContact?.(isThere, reason));
  }

  /** Resolves when the server has processed all that was published before. */
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
