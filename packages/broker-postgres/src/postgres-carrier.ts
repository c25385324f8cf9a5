import { randomUUID } from 'node:crypto';
import { BrokerError, type Carrier } from '@everywire/broker-broadcast';
import pg from 'pg';

export interface CarrierOptions {
  /** `postgres://...`, as `pg` takes it. */
  readonly url: string;
  /** Brokers that share it, in one database, are of one installation. At most 63 bytes. Default `everywire`. */
  readonly channel?: string;
  /** Called when the database was lost, with why, and when it is back. */
  readonly onContact?: (isThere: boolean, reason: Error | null) => void;
}

const NOTIFY = 'SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload';
/** PostgreSQL takes payloads of less than 8,000 bytes, and frames go as base64: three bytes in four signs. */
const FRAME_BYTES_MAX = 5_997;
const ANSWER_WITHIN_MS = 5_000;
const RECONNECT_MS = 250;
const RECONNECT_MAX_MS = 5_000;
/** How a payload begins that is no frame: who sent it looks whether it comes back. */
const PROBE = '?';

/** Notifications are kept by nobody but the server's queue of each listener: nothing has to reach a disk. */
const SESSION_SETTINGS = [
  ...['synchronous_commit=off', 'statement_timeout=5s', 'idle_session_timeout=0'],
  ...['tcp_keepalives_idle=5', 'tcp_user_timeout=10s', 'client_connection_check_interval=2s'],
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

/** One connection that notifies and listens. */
export class PostgresCarrier implements Carrier {
  readonly frameBytesMax: number = FRAME_BYTES_MAX;
  onFrame: Carrier['onFrame'] = null;
  onContact: Carrier['onContact'] = null;
  readonly #options: CarrierOptions;
  readonly #channel: string;
  #client: pg.Client | null = null;
  /** Why the connection ends or has ended. */
  #failure: Error | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;

  private constructor(options: CarrierOptions) {
    this.#options = options;
    this.#channel = options.channel ?? 'everywire';
  }

  /** @throws BrokerError `broker_unreachable` */
  static async connect(options: CarrierOptions): Promise<PostgresCarrier> {
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
      // One that does not notify is none: what is the matter shows as it is made anew.
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
      ...{ connectionString: this.#options.url, application_name: 'everywire broker', keepAlive: true },
      ...{ connectionTimeoutMillis: ANSWER_WITHIN_MS, query_timeout: ANSWER_WITHIN_MS, options: SESSION_SETTINGS },
    });
    this.#failure = null;
    client.on('error', (error) => {
      // The first says why; what follows says that it ended.
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
    let onHeard = (_: { payload?: string | undefined }): void => undefined;
    const timer = { id: setTimeout(() => undefined, 0) };
    try {
      await new Promise<void>((resolve, reject) => {
        onHeard = ({ payload }) => void (payload === probe && resolve());
        client.on('notification', onHeard);
        timer.id = setTimeout(() => reject(new Error('What was notified did not come back.')), ANSWER_WITHIN_MS);
        client.query(NOTIFY, [this.#channel, [probe]]).catch(reject);
      });
    } finally {
      clearTimeout(timer.id);
      client.off('notification', onHeard);
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
    // An error of the application is its own, and keeps nothing from being made again.
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

/** A farewell might wait for a server that does not answer. */
function cut(client: pg.Client): void {
  client.connection.stream.destroy();
}
