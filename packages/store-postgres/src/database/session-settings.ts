/**
 * Settings of each connection: timeouts after which the server ends an idle transaction, a statement, the wait for a
 * lock or a lost connection. So a node that crashed or lost its network does not hold a lock for long.
 */
export const SESSION_SETTINGS: string = [
  ...['idle_in_transaction_session_timeout=10s', 'statement_timeout=15s', 'lock_timeout=10s'],
  ...['tcp_keepalives_idle=5', 'tcp_user_timeout=10s', 'client_connection_check_interval=2s'],
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

/** The timeout of connecting, ms. */
export const CONNECT_WITHIN_MS = 5_000;
