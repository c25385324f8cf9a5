import type { Epoch } from '@everywire/chat';
import pg, { type ClientConfig } from 'pg';
import { PostgresStoreError } from './postgres-store-error.js';
import { columnTypes } from './statement.js';

/**
 * Settings of each connection: timeouts after which the server ends an idle transaction, the wait for a lock or a lost
 * connection. So a node that crashed or lost its network does not hold a lock for long. Without just-in-time compilation,
 * because it would take 300 ms in each new connection whose settings make a scan look expensive.
 */
const SESSION_SETTINGS: readonly string[] = [
  ...['idle_in_transaction_session_timeout=10s', 'lock_timeout=10s'],
  ...['tcp_keepalives_idle=5', 'tcp_user_timeout=10s', 'client_connection_check_interval=2s'],
  'jit=off',
];
/** The timeout after which the server ends a statement. */
const STATEMENT_WITHIN = '15s';

/** The timeout of connecting, and of each statement by which a node checks where a connection leads, ms. */
export const CONNECT_WITHIN_MS = 5_000;
/**
 * The timeout of an answer, ms: longer than those of the server, so that it only ends connections to a server that is
 * gone without a sign.
 */
const ANSWER_WITHIN_MS = 20_000;
/** The time from which an idle connection is probed, ms; by default, Linux would wait for two hours. */
const PROBE_IDLE_MS = 5_000;
/** The timeout of closing a connection in order, ms; afterwards its socket is destroyed. */
const END_WITHIN_MS = 1_000;

/** How a connection is used. */
export interface ConnectionUse {
  /** Whether a statement may take as long as it needs, as those of a restore do. Default: false. */
  readonly isPatient?: boolean;
  /** Settings of the session besides the common ones: `name=value`. */
  readonly settings?: readonly string[];
}

/**
 * The parameters that an address may have. The driver would let any other replace a setting of this program, such as the
 * timeouts; and a password as a parameter would be shown to all users of the machine by `pg_dump`.
 */
const URL_PARAMETERS: readonly string[] = [
  ...['host', 'port', 'user', 'sslmode', 'sslcert', 'sslkey', 'sslrootcert', 'sslnegotiation', 'uselibpqcompat'],
];

/**
 * Checks the address of a database.
 *
 * @throws PostgresStoreError `store_url`
 */
export function requireUsableUrl(url: string): void {
  const unusable = [...new URL(url).searchParams.keys()].find((name) => !URL_PARAMETERS.includes(name));
  if (unusable === undefined) return;
  const remedy =
    unusable === 'password' ? 'Write the password before the @.' : `Possible are ${URL_PARAMETERS.join(', ')}.`;
  throw new PostgresStoreError('store_url', `The address of the database has the parameter "${unusable}". ${remedy}`);
}

/** Returns the options of a connection. @throws PostgresStoreError `store_url` */
export function connectionOptions(url: string, { isPatient = false, settings = [] }: ConnectionUse = {}): ClientConfig {
  requireUsableUrl(url);
  const all = [...SESSION_SETTINGS, ...settings, `statement_timeout=${isPatient ? 0 : STATEMENT_WITHIN}`];
  return {
    connectionString: url,
    types: columnTypes,
    application_name: 'everywire',
    options: all.map((setting) => `-c ${setting}`).join(' '),
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    ...(!isPatient && { query_timeout: ANSWER_WITHIN_MS }),
    keepAlive: true,
    keepAliveInitialDelayMillis: PROBE_IDLE_MS,
  };
}

/** A connection that knows whose data it reaches, and that waits for no answer for ever, not even when it is closed. */
export class StoreConnection extends pg.Client {
  /** The epoch (id of the history) of the data behind this connection; empty until `History.admit` has set it. */
  epoch: Epoch = '';
  /** Whether another connection to this server has got no answer, so that nothing more should be asked here. */
  isDoubtful = false;

  constructor(options?: ClientConfig) {
    super(options);
    // The next statement reports the failure; but without a listener, the event would end the process.
    this.on('error', () => undefined);
  }

  /** Closes the connection in order, or destroys it when the server does not answer. */
  override end(): Promise<void>;
  override end(callback: (error: Error) => void): void;
  override end(callback?: (error: Error) => void): Promise<void> | void {
    const timer = setTimeout(() => this.cut(), END_WITHIN_MS).unref();
    this.once('end', () => clearTimeout(timer));
    return callback === undefined ? super.end() : super.end(callback);
  }

  /** Destroys the socket at once; statements in flight fail, and the server undoes an open transaction. */
  cut(): void {
    this.connection.stream.destroy();
  }
}

/** The history that a node serves. It decides which connections may be used. */
export interface History {
  /**
   * Checks a new connection before its first use, and sets its `epoch`. Rejects when it leads to other data than the
   * node has joined.
   */
  admit(connection: StoreConnection): Promise<void>;
}

/** Admits every connection, for programs that open a database without being a node. */
export const anyHistory: History = { admit: async () => undefined };
