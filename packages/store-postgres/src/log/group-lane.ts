import { isDeepStrictEqual } from 'node:util';
import { type ChangeOutcome, type MemberChangeOutcome, StoreError } from '@everywire/chat';
import type { History } from '../database/store-connection.js';
import { asStoreError, isConflict, isUnknown, unknownOutcome } from '../database/store-failure.js';
import type { WriteHealth } from '../database/write-health.js';
import { LaneConnection, type LaneTransaction, type SentStatement } from './lane-connection.js';

/**
 * The result of one change of a group: the outcome of the change, the error that the change threw (which affects no
 * other change), or `POSTPONED` when the change must run in the next group.
 */
export type Ran<Outcome> = { readonly outcome: Outcome } | { readonly thrown: unknown } | typeof POSTPONED;

/** The result of a change that must run in the next group instead. */
export const POSTPONED = 'postponed';

type AnyOutcome = ChangeOutcome<unknown, unknown> | MemberChangeOutcome<unknown, unknown>;

/** A group of decided changes in an open transaction, which has written nothing yet. */
export interface DecidedGroup<Outcome> {
  readonly transaction: LaneTransaction;
  /** The results, in the order of the changes. */
  readonly ran: readonly Ran<Outcome>[];
  /** The statements that write what was decided; empty when nothing changes. */
  readonly writes: readonly SentStatement[];
  readonly onCommitted?: () => void;
}

/** What every lane needs. */
export interface LaneOptions {
  readonly url: string;
  readonly history: History;
  readonly health: WriteHealth;
  /** Awaited before each COMMIT of writes, so that tests can delay commits. */
  readonly beforeCommit?: () => Promise<void>;
}

/** Options of `GroupLane`. */
export interface GroupLaneOptions<Change, Outcome> extends LaneOptions {
  /** Begins a transaction and decides the changes in it. When it rejects, the lane retries it with the same group. */
  readonly decide: (connection: LaneConnection, group: readonly Change[]) => Promise<DecidedGroup<Outcome>>;
  /**
   * The outcome of a change that an earlier run has made already: `repeated` where commands have keys, `committed` where
   * changes are idempotent.
   */
  readonly foundAs: 'repeated' | 'committed';
  /**
   * Selects the changes of the next group, at most `most`, from at least one waiting change, the oldest first. The
   * changes that are not selected keep their order.
   */
  readonly take: (waiting: readonly Change[], most: number) => ReadonlySet<Change>;
}

interface Unanswered<Outcome> {
  readonly outcome: Outcome;
  readonly onCommitted: (() => void) | undefined;
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
/** The pause before a retry, ms, multiplied by the number of runs so far, up to the maximum. */
const PAUSE_MS = 25;
const PAUSE_MAX_MS = 250;
/** The time from the first failure of a group after which it is not run again, ms. */
const RETRY_MS = 700;
/** The same for a group that may have been committed, ms: a later run finds out, once the server is back. */
const UNANSWERED_RETRY_MS = 5_000;

/**
 * Runs changes over one connection in groups, one transaction per group, so that many changes share a commit. The
 * changes that arrive while a group is in flight form the next group.
 */
export class GroupLane<Change extends object, Outcome extends AnyOutcome> {
  readonly #connection: LaneConnection;
  readonly #options: GroupLaneOptions<Change, Outcome>;
  /** Each change whose COMMIT was sent over a connection that was lost before the answer. */
  readonly #unanswered = new WeakMap<Change, Unanswered<Outcome>>();
  #waiting: Waiting<Change, Outcome>[] = [];
  #running: Promise<void> | null = null;
  #closed = false;

  constructor(options: GroupLaneOptions<Change, Outcome>) {
    this.#connection = new LaneConnection(options.url, options.history);
    this.#options = options;
  }

  /**
   * Runs a change in one of the next groups; resolves with its outcome after the commit. Rejects with `busy` when
   * nothing was changed, and with `unknown` when the change may have been committed.
   */
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
      await this.#failed(group, error);
    }
  }

  async #failed(group: readonly Waiting<Change, Outcome>[], error: unknown): Promise<void> {
    // Without a connection, all changes fail, and so would those that wait.
    if (error instanceof StoreError)
      for (const each of [...group, ...this.#waiting.splice(0)]) this.#reject(each, error);
    // One failing change must not fail the other changes of the group, so each change is retried alone.
    else if (group.length > 1) for (const each of group) await this.#runGroup([each]);
    else for (const each of group) this.#reject(each, error);
  }

  #reject({ change, reject }: Waiting<Change, Outcome>, error: unknown): void {
    if (this.#unanswered.has(change)) reject(isUnknown(error) ? error : unknownOutcome(error));
    else reject(isUnknown(error) ? notSent(error) : asStoreError(error, 'before'));
  }

  /**
   * Runs a group, again if the failure may be temporary. A retry is safe even after a lost connection: the next run
   * gets its row locks only when the old transaction has ended, and then sees whether that one was committed.
   */
  async #runAgain(group: readonly Change[]): Promise<readonly Ran<Outcome>[]> {
    let failedAt: number | null = null;
    for (let runs = 1; ; runs += 1) {
      try {
        return await this.#run(group);
      } catch (error) {
        await this.#connection.end();
        failedAt ??= performance.now();
        const isUnanswered = group.some((change) => this.#unanswered.has(change));
        const isOver = performance.now() - failedAt > (isUnanswered ? UNANSWERED_RETRY_MS : RETRY_MS);
        const isTemporary = error instanceof StoreError || isConflict(error);
        if (this.#closed || isOver || !isTemporary) throw error;
        await new Promise((resolve) => setTimeout(resolve, Math.min(PAUSE_MS * (runs - 1), PAUSE_MAX_MS)));
      }
    }
  }

  async #run(group: readonly Change[]): Promise<readonly Ran<Outcome>[]> {
    const { decide, health, beforeCommit } = this.#options;
    const { transaction, ran, writes, onCommitted } = await decide(this.#connection, group);
    const done = group.flatMap((change, at) => {
      const each = ran[at];
      const hasOutcome = each !== undefined && each !== POSTPONED && 'outcome' in each;
      return hasOutcome && each.outcome.outcome !== 'refused' ? [[change, each.outcome] as const] : [];
    });
    if (done.length === 0) {
      await transaction.rollback();
      return ran;
    }
    try {
      if (writes.length === 0) await transaction.confirm();
      else {
        await beforeCommit?.();
        await transaction.commit(writes);
        health.committed();
        onCommitted?.();
      }
    } catch (error) {
      if (isUnknown(error)) this.#noteUnanswered(done, onCommitted);
      throw error;
    }
    return ran.map((each, at) => this.#recoverLostCommit(each, this.#unanswered.get(group[at] as Change)));
  }

  /**
   * Recognizes a change that an earlier run of this lane committed, although the connection was lost before the answer
   * arrived: the retry finds exactly the result that the earlier run had decided, in the same history. Returns the
   * outcome of the earlier run (`committed` with its notices), so that the members are notified; otherwise returns `ran`.
   */
  #recoverLostCommit(ran: Ran<Outcome>, unanswered: Unanswered<Outcome> | undefined): Ran<Outcome> {
    const decided = unanswered?.outcome;
    if (ran === POSTPONED || 'thrown' in ran || decided?.outcome !== 'committed') return ran;
    const { outcome } = ran;
    if (outcome.outcome === 'refused' || outcome.outcome !== this.#options.foundAs) return ran;
    const isSame = outcome.epoch === decided.epoch && isDeepStrictEqual(outcome.result, decided.result);
    if (!isSame) return ran;
    unanswered?.onCommitted?.();
    return { outcome: decided };
  }

  #noteUnanswered(done: readonly (readonly [Change, Outcome])[], onCommitted: (() => void) | undefined): void {
    for (const [change, outcome] of done)
      if (outcome.outcome === 'committed' || !this.#unanswered.has(change))
        this.#unanswered.set(change, { outcome, onCommitted });
  }
}

function notSent(cause: unknown): StoreError {
  return new StoreError('busy', 'The connection ended before this change was sent.', { cause });
}

function closedError(): StoreError {
  return new StoreError('busy', 'The store is closed.');
}
