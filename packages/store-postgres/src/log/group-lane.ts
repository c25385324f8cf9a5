import { StoreError } from '@everywire/chat';
import { asStoreError, isConflict } from '../database/store-failure.js';
import type { WriteHealth } from '../database/write-health.js';
import { LaneConnection } from './lane-connection.js';

/** One change of a group that ran: what it is answered, what it threw, which touches none of the others, or that it has to wait for the next group. */
export type Ran<Outcome> = { readonly outcome: Outcome } | { readonly thrown: unknown } | typeof POSTPONED;

export const POSTPONED = 'postponed';

export interface GroupLaneOptions<Change, Outcome> {
  readonly url: string;
  readonly health: WriteHealth;
  /** Runs them in one transaction. Where it rejects with what is not of one change, the lane calls it again, with the same group. */
  readonly run: (connection: LaneConnection, group: readonly Change[]) => Promise<readonly Ran<Outcome>[]>;
  /** Takes the changes of the next group from the front of those that wait, which are never none. Whatever it leaves keeps its order. */
  readonly take: (waiting: readonly Change[], most: number) => ReadonlySet<Change>;
}

interface Waiting<Change, Outcome> {
  readonly change: Change;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (reason: unknown) => void;
}

/** Changes of one group. Their arrays travel as text, so that more of them only make each wait longer. */
const GROUP_MAX = 64;
/** A group runs at most this often, after conflicts and lost connections. */
const RUNS_MAX = 8;
/** Between two runs, milliseconds, times their number so far. */
const PAUSE_MS = 25;

/** One connection that changes go by in groups: what waits while a group is under way is the next one. */
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

  submit(change: Change): Promise<Outcome> {
    if (this.#closed) return Promise.reject(closedError());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ change, resolve, reject });
      this.#running ??= this.#runAll();
    });
  }

  /** Waits for the group that is under way; what waits behind it is `busy`. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(closedError());
    await this.#running;
    await this.#connection.end();
  }

  async #runAll(): Promise<void> {
    // What comes in the same turn of the loop is of the first group.
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
      // One that cannot be done must not keep the others from it.
      if (group.length > 1) for (const each of group) await this.#runGroup([each]);
      else group[0]?.reject(asStoreError(error, 'before'));
    }
  }

  /** After a lost connection too: what was under way on it ends before the locks of the next run are given. */
  async #runAgain(group: readonly Change[]): Promise<readonly Ran<Outcome>[]> {
    for (let runs = 1; ; runs += 1) {
      try {
        return await this.#options.run(this.#connection, group);
      } catch (error) {
        await this.#connection.end();
        const mayPass = isConflict(error) || !isOfDatabase(error);
        if (this.#closed || !mayPass || runs === RUNS_MAX) throw error;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * (runs - 1)));
      }
    }
  }
}

/** Said by the database, as against a connection that ended. */
function isOfDatabase(error: unknown): boolean {
  return error instanceof Error && 'severity' in error && !isShutdown(error);
}

/** `admin_shutdown`, `crash_shutdown`, `cannot_connect_now`. */
function isShutdown(error: Error): boolean {
  return 'code' in error && ['57P01', '57P02', '57P03'].includes(String(error.code));
}

function closedError(): StoreError {
  return new StoreError('busy', 'The store is closed.');
}
