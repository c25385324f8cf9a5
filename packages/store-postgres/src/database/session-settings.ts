/**
 * What the server ends by itself, so that a node that vanished without a word keeps no lock: a transaction that nothing is asked of, a statement, a
 * wait for a lock.
 */
export const SESSION_SETTINGS: string = [
  ...['idle_in_transaction_session_timeout=10s', 'statement_timeout=15s', 'lock_timeout=10s'],
  ...['tcp_keepalives_idle=5', 'tcp_user_timeout=10s', 'client_connection_check_interval=2s'],
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

/** Milliseconds. */
export const CONNECT_WITHIN_MS = 5_000;
