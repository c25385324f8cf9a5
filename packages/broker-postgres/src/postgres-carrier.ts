import { randomUUID } from 'node:crypto';
import { type BrokerCarrier, BrokerError } from '@everywire/broker-broadcast';
import pg from 'pg';

/** How to connect to PostgreSQL. */
export interface PostgresCarrierOptions {
  /** A connection string of `pg`: `postgres://…`. */
  readonly url: string;
  /**
   * The name of the notification channel, at most 63 bytes. All brokers of one installation must use the same one.
   * Default `everywire`.
   */
  readonly channel?: string;
  /** Called with `false` and the reason when the connection is lost, and with `true` when it is back. */
  readonly onContact?: (isThere: boolean, reason: Error | null) => void;
}

const NOTIFY = 'SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload';
/**
 * Maximum bytes of a frame. PostgreSQL accepts payloads of less than 8,000 bytes, and base64 encodes three bytes as
 * four characters.
 */
const FRAME_BYTES_MAX = 5_997;
const ANSWER_WITHIN_MS = 5_000;
/** The time from which an idle connection is probed, ms; by default, Linux would wait for two hours. */
const PROBE_IDLE_MS = 5_000;
const RECONNECT_MS = 250;
const RECONNECT_MAX_MS = 5_000;
/**
 * The prefix of a probe, which is a payload that is not a frame. The carrier sends one to itself to check that
 * notifications arrive.
 */
const PROBE = '?';

/**
 * Settings of the database session. Notifications exist only in the server's memory, so a commit need not wait for the
 * disk. The others detect a dead connection early.
 */
const SESSION_SETTINGS = [
  ...['synchronous_commit=off', 'statement_timeout=5s', 'idle_session_timeout=0'],
  ...['tcp_keepalives_idle=5', 'tcp_user_timeout=10s', 'client_connection_check_interval=2s'],
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

/** The carrier of frames over PostgreSQL: notifies and listens over one connection, and reconnects by itself. */
export class PostgresCarrier implements BrokerCarrier {
  readonly frameBytesMax: number = FRAME_BYTES_MAX;
  onFrame: BrokerCarrier['onFrame'] = null;
  onContact: BrokerCarrier['onContact'] = null;
  readonly #options: PostgresCarrierOptions;
  readonly #channel: string;
  #client: pg.Client | null = null;
  /** The first error of the current connection. */
  #failure: Error | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;

  private constructor(options: PostgresCarrierOptions) {
    this.#options = options;
    this.#channel = options.channel ?? 'everywire';
  }

  /**
   * Connects, and checks that a notification arrives.
   *
   * @throws BrokerError `broker_unreachable`
   */
  static async connect(options: PostgresCarrierOptions): Promise<PostgresCarrier> {
    const carrier = new PostgresCarrier(options);
    await carrier.#connect();
    return carrier;
  }

  async send(frames: readonly Uint8Array[]): Promise<void> {
    const client = this.#client;
    if (client === null) throw new BrokerError('broker_away');
    const payloads = frames.map((frame) =>
      Buffer.from(frame.buffer, frame.byteOffset, frame.length).toString('base64'),
    );
    try {
      await client.query({ name: 'notify', text: NOTIFY, values: [this.#channel, payloads] });
    } catch (error) {
      // Closes the connection, because one that cannot notify is useless. Reconnecting shows the cause.
      this.#failure ??= error as Error;
      cut(client);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#client?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#options.url,
      application_name: 'everywire broker',
      keepAlive: true,
      keepAliveInitialDelayMillis: PROBE_IDLE_MS,
      connectionTimeoutMillis: ANSWER_WITHIN_MS,
      query_timeout: ANSWER_WITHIN_MS,
      options: SESSION_SETTINGS,
    });
    this.#failure = null;
    client.on('error', (error) => {
      // The first error is the cause; later ones only report the end.
      this.#failure ??= error;
    });
    try {
      await client.connect();
      await this.#listen(client);
    } catch (error) {
      cut(client);
      throw new BrokerError('broker_unreachable', error);
    }
    this.#client = client;
    client.on('notification', ({ payload = PROBE }) => {
      if (!payload.startsWith(PROBE)) this.onFrame?.(Buffer.from(payload, 'base64'));
    });
    client.once('end', () => this.#lost(this.#failure));
  }

  async #listen(client: pg.Client): Promise<void> {
    const probe = `${PROBE}${randomUUID()}`;
    await client.query(`LISTEN ${client.escapeIdentifier(this.#channel)}`);
    let onNotification = (_: { payload?: string | undefined }): void => undefined;
    const timer = { id: setTimeout(() => undefined, 0) };
    try {
      await new Promise<void>((resolve, reject) => {
        onNotification = ({ payload }) => void (payload === probe && resolve());
        client.on('notification', onNotification);
        timer.id = setTimeout(() => reject(new Error('A notification did not arrive.')), ANSWER_WITHIN_MS);
        client.query(NOTIFY, [this.#channel, [probe]]).catch(reject);
      });
    } finally {
      clearTimeout(timer.id);
      client.off('notification', onNotification);
    }
  }

  #lost(reason: Error | null): void {
    this.#client = null;
    if (this.#isClosed) return;
    this.#report(false, reason);
    this.#connectAgain(RECONNECT_MS);
  }

  #report(isThere: boolean, reason: Error | null): void {
    this.onContact?.(isThere);
    // An error of the application's handler must not stop the reconnection.
    queueMicrotask(() => this.#options.onContact?.(isThere, reason));
  }

  #connectAgain(after: number): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#connect().then(
        () => {
          if (this.#isClosed) return void this.close();
          this.#report(true, null);
        },
        () => this.#connectAgain(Math.min(2 * after, RECONNECT_MAX_MS)),
      );
    }, after).unref();
  }
}

/**
 * Destroys the socket without a terminate message, because sending that could take long if the server does not answer.
 */
function cut(client: pg.Client): void {
  client.connection.stream.destroy();
}
