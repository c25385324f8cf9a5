import { StoreError } from '@everywire/chat';
import { DatabaseError } from 'pg';

/** When a failure came: before COMMIT was sent nothing can be written, after it nobody on this side can know. */
export type FailurePhase = 'before' | 'commit';

const DISK_FULL = '53100';
/** `data_corrupted` and `index_corrupted`. */
const DAMAGED = ['XX001', 'XX002'];
/** What may succeed when the whole transaction runs again: a deadlock, a conflict, a row that another one has made meanwhile. */
const CONFLICTS = ['40P01', '40001', '23505'];

/** Whether the database refused because of what another transaction did at the same time. */
export function isConflict(error: unknown): boolean {
  return error instanceof DatabaseError && CONFLICTS.includes(error.code ?? '');
}

/** Statements that are wrong are defects and stay what they are; all else becomes a word of the port. */
export function asStoreError(cause: unknown, phase: FailurePhase): unknown {
  if (cause instanceof StoreError) return cause;
  if (!(cause instanceof DatabaseError)) return phase === 'commit' ? unknownFate(cause) : notNow(cause);
  const code = cause.code ?? '';
  if (code === DISK_FULL)
    return new StoreError('full', `The disk of the database is full: ${cause.message}`, { cause });
  if (DAMAGED.includes(code)) return new StoreError('damaged', `The database is damaged: ${cause.message}`, { cause });
  const isDefect = code.startsWith('42') || code.startsWith('22') || (code.startsWith('23') && !isConflict(cause));
  if (isDefect) return cause;
  return phase === 'commit' && !isConflict(cause) ? unknownFate(cause) : notNow(cause);
}

function unknownFate(cause: unknown): StoreError {
  return new StoreError('unknown', `The connection ended during the commit: ${reasonOf(cause)}`, { cause });
}

function notNow(cause: unknown): StoreError {
  return new StoreError('busy', `The database could not do this now: ${reasonOf(cause)}`, { cause });
}

/** Several addresses of one name fail with an error that has a code alone. */
export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.message || String(Reflect.get(cause, 'code') ?? cause.name);
}
