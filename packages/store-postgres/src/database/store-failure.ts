import { StoreError } from '@everywire/chat';
import { DatabaseError } from 'pg';

/**
 * When a failure occurred. Before COMMIT was sent, nothing was written. After COMMIT was sent, the outcome is unknown.
 */
export type FailurePhase = 'before' | 'commit';

const DISK_FULL = '53100';
/** `data_corrupted` and `index_corrupted`. */
const DAMAGED = ['XX001', 'XX002'];
/** Failures that a retry of the whole transaction may resolve: a deadlock, a serialization failure, a duplicate row. */
const CONFLICTS = ['40P01', '40001', '23505'];

/** Returns whether a concurrent transaction caused the failure. */
export function isConflict(error: unknown): boolean {
  return error instanceof DatabaseError && CONFLICTS.includes(error.code ?? '');
}

/** Returns whether a statement caused the error. Otherwise the connection was lost, or the server ended it. */
export function isOfStatement(error: unknown): boolean {
  return error instanceof DatabaseError && !CONNECTION_ENDED.includes(error.code ?? '');
}

/**
 * The codes with which the server ends or refuses a connection: `admin_shutdown`, `crash_shutdown`,
 * `cannot_connect_now`, `idle_session_timeout`, `idle_in_transaction_session_timeout`, `transaction_timeout`,
 * `too_many_connections`. (The severity FATAL would say the same, but PostgreSQL translates that word.)
 */
const CONNECTION_ENDED = ['57P01', '57P02', '57P03', '57P05', '25P03', '25P04', '53300'];

/** Converts a failure to a `StoreError`. Returns an error in a statement unchanged, because it is a defect. */
export function asStoreError(cause: unknown, phase: FailurePhase): unknown {
  if (cause instanceof StoreError) return cause;
  if (!(cause instanceof DatabaseError)) return phase === 'commit' ? unknownOutcome(cause) : busy(cause);
  const code = cause.code ?? '';
  if (code === DISK_FULL)
    return new StoreError('full', `The disk of the database is full: ${cause.message}`, { cause });
  if (DAMAGED.includes(code)) return new StoreError('damaged', `The database is damaged: ${cause.message}`, { cause });
  const isDefect = code.startsWith('42') || code.startsWith('22') || (code.startsWith('23') && !isConflict(cause));
  if (isDefect) return cause;
  return phase === 'commit' && !isConflict(cause) ? unknownOutcome(cause) : busy(cause);
}

/** Returns whether the failed change may have been committed. */
export function isUnknown(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'unknown';
}

/** Returns the error of a change that may or may not have been committed. */
export function unknownOutcome(cause: unknown): StoreError {
  return new StoreError('unknown', `The connection ended during the commit: ${reasonOf(cause)}`, { cause });
}

function busy(cause: unknown): StoreError {
  return new StoreError('busy', `The database could not do this now: ${reasonOf(cause)}`, { cause });
}

/**
 * Returns the message of a failure, or its code if the message is empty: when no address of a host name can be reached,
 * Node throws an error that has only a code.
 */
export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.message || String(Reflect.get(cause, 'code') ?? cause.name);
}
