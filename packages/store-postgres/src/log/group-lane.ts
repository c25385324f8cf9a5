import { StoreError } from '@everywire/chat';
import { asStoreError, isConflict } from '../database/store-failure.js';
import type { WriteHealth } from '../database/write-health.js';
import { LaneConnection } from './lane-connection.js';

/**
 * The result of one change of a group: its outcome, the error that it threw (which affects no other change), or its
 * postponement to the next group.
 */
export type Ran<Outcome> = { readonly outcome: Outcome } | { readonly thrown: unknown } | typeof POSTPONED;

/** Marks a change that must run in the next group. */
export const POSTPONED = 'postponed';

/** How a lane takes and runs its changes. */
export interface GroupLaneOptions<Change, Outcome> {
  readonly url: string;
  readonly health: WriteHealth;
  /** Runs the changes in one transaction. When it rejects, the lane retries it with the same group. */
  readonly run: (connection: LaneConnection, group: readonly Change[]) => Promise<readonly Ran<Outcome>[]>;
  /**
   * Selects the next group, at most `most`, from the front of the waiting changes, of which there is at least one. The
   * others keep their order.
   */
  readonly take: (waiting: readonly Change[], most: number) => ReadonlySet<Change>;
}

interface Waiting<Change, Outcome> {
  readonly change: Change;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * The most changes of one group. Their arrays travel as text, so larger groups only increase the latency of each
 * change.
 */
const GROUP_MAX = 64;
/** The most runs of a group, after conflicts and lost connections. */
const RUNS_MAX = 8;
/** The pause before a retry, ms, multiplied by the number of runs so far. */
const PAUSE_MS = 25;

/**
 * Runs changes in groups over one connection: the changes that arrive while a group is in flight form the next group.
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
      // One failing change must not fail the others, so each is retried alone.
      if (group.length > 1) for (const each of group) await this.#runGroup([each]);
      else group[0]?.reject(asStoreError(error, 'before'));
    }
  }

  /**
   * Retries a group. This is safe after a lost connection too: the old transaction ends before the next run gets its
   * locks.
   */
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

/** Tells whether the database reported the error, as opposed to a lost connection. */
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
