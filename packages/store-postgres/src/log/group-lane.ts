import { StoreError } from '@everywire/chat';
import { DatabaseError } from 'pg';
import { asStoreError, isConflict } from '../database/store-failure.js';
import type { WriteHealth } from '../database/write-health.js';
import { LaneConnection } from './lane-connection.js';

/**
 * The result of one change of a group: the outcome of the change, the error that the change threw (which affects no
 * other change), or `POSTPONED` when the change must run in the next group.
 */
export type Ran<Outcome> = { readonly outcome: Outcome } | { readonly thrown: unknown } | typeof POSTPONED;

/** The result of a change that must run in the next group instead. */
export const POSTPONED = 'postponed';

/** Options of `GroupLane`. */
export interface GroupLaneOptions<Change, Outcome> {
  readonly url: string;
  readonly health: WriteHealth;
  /** Runs the changes in one transaction. When it rejects, the lane retries it with the same group. */
  readonly run: (connection: LaneConnection, group: readonly Change[]) => Promise<readonly Ran<Outcome>[]>;
  /**
   * Selects the changes of the next group, at most `most`, from at least one waiting change, the oldest first. The
   * changes that are not selected keep their order.
   */
  readonly take: (waiting: readonly Change[], most: number) => ReadonlySet<Change>;
}

interface Waiting<Change, Outcome> {
  readonly change: Change;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * The most changes of one group. The driver sends their parameters as text, so a larger group only increases the
 * latency of each of its changes.
 */
const GROUP_MAX = 64;
/** The most runs of a group, after conflicts and lost connections. */
const RUNS_MAX = 8;
/** The pause before a retry, ms, multiplied by the number of runs so far. */
const PAUSE_MS = 25;

/**
 * Runs changes over one connection in groups, one transaction per group, so that many changes share a commit. The
 * changes that arrive while a group is in flight form the next group.
 */
export class GroupLane<Change, Outcome> {
  readonly #connection: LaneConnection;
  readonly #options: GroupLaneOptions<Change, Outcome>;
  #waiting: Waiting<Change, Outcome>[] = [];
  #running: Promise<void> | null = null;
  #closed = false;

  constructor(options: GroupLaneOptions<Change, Outcome>) {
    this.#connection = new LaneConnection(options.url);
    this.#options = options;
  }

  /** Runs a change in one of the next groups; resolves with its outcome after the commit. */
  submit(change: Change): Promise<Outcome> {
    if (this.#closed) return Promise.reject(closedError());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ change, resolve, reject });
      this.#running ??= this.#runAll();
    });
  }

  /** Waits for the group in flight; rejects the waiting changes with `busy`. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(closedError());
    await this.#running;
    await this.#connection.end();
  }

  async #runAll(): Promise<void> {
    // Changes of the same tick join the first group.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const taken = this.#options.take(
        this.#waiting.map(({ change }) => change),
        GROUP_MAX,
      );
      const group = this.#waiting.filter(({ change }) => taken.has(change));
      this.#waiting = this.#waiting.filter(({ change }) => !taken.has(change));
      await this.#runGroup(group);
    }
    this.#running = null;
  }

  async #runGroup(group: readonly Waiting<Change, Outcome>[]): Promise<void> {
    try {
      const ran = await this.#runAgain(group.map(({ change }) => change));
      for (const [at, { resolve, reject }] of group.entries()) {
        const each = ran[at] as Ran<Outcome>;
        if (each === POSTPONED) continue;
        if ('thrown' in each) reject(each.thrown);
        else resolve(each.outcome);
      }
      this.#waiting.unshift(...group.filter((_, at) => ran[at] === POSTPONED));
    } catch (error) {
      this.#options.health.failed(error);
      // One failing change must not fail the other changes of the group, so each change is retried alone.
      if (group.length > 1) for (const each of group) await this.#runGroup([each]);
      else group[0]?.reject(asStoreError(error, 'before'));
    }
  }

  /**
   * Runs a group, again if the failure may be temporary. A retry is safe even after a lost connection: the next run
   * gets its row locks only when the old transaction has ended, and then sees whether that one was committed.
   */
  async #runAgain(group: readonly Change[]): Promise<readonly Ran<Outcome>[]> {
    for (let runs = 1; ; runs += 1) {
      try {
        return await this.#options.run(this.#connection, group);
      } catch (error) {
        await this.#connection.end();
        const isTemporary = isConflict(error) || !isOfStatement(error);
        if (this.#closed || !isTemporary || runs === RUNS_MAX) throw error;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * (runs - 1)));
      }
    }
  }
}

/** Returns whether a statement caused the error. Otherwise the connection was lost, or the server ended it. */
function isOfStatement(error: unknown): boolean {
  return error instanceof DatabaseError && !CONNECTION_ENDED.includes(error.code ?? '');
}

/**
 * The codes with which the server ends or refuses a connection: `admin_shutdown`, `crash_shutdown`,
 * `cannot_connect_now`, `idle_session_timeout`, `idle_in_transaction_session_timeout`, `transaction_timeout`,
 * `too_many_connections`. (The severity FATAL would say the same, but PostgreSQL translates that word.)
 */
const CONNECTION_ENDED = ['57P01', '57P02', '57P03', '57P05', '25P03', '25P04', '53300'];

function closedError(): StoreError {
  return new StoreError('busy', 'The store is closed.');
}
