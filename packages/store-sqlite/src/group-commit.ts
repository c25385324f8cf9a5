import { type CommitHealth, StoreError, type StoreErrorCode } from '@everywire/chat';
import { AvoidableDamage } from './damaged-lists.js';
import type { Database, Statement } from './database/database.js';
import type { SqliteStoreLimits } from './limits.js';
import { asStoreError, type FailurePhase, isStorageFailure } from './store-failure.js';
import { errorCode } from './store-file-error.js';
import { UndoLog } from './undo-log.js';

/** Observes commits. */
export interface CommitObserver {
  /** Called last inside the transaction. If it throws, the commit fails. */
  beforeCommit(): void;
  /** Called once the commit is durable, before any promise of its group settles. It must not throw. */
  committed(): void;
}

/** Options of `GroupCommit`. */
export interface GroupCommitOptions {
  readonly observer?: CommitObserver | null;
  /** Called for each group that finds the disk full. */
  readonly onDiskFull?: () => void;
  /**
   * Called for each group that fails for a reason other than a full disk or damage, with the code of SQLite or of the
   * system.
   */
  readonly onCommitFailed?: (code: string) => void;
}

interface Waiting {
  readonly work: () => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (reason: unknown) => void;
}

/** When the next group commits: after a wait for more changes, or at the end of this tick. */
type Planned =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'later'; readonly timer: NodeJS.Timeout }
  | { readonly kind: 'now' };

type Outcome =
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly reason: unknown };

/** A change met damage. The reason is `null` if the change avoids the damage when it is run again. */
interface Damaged {
  readonly kind: 'damaged';
  readonly reason: StoreError | null;
}

/**
 * The result of a transaction: the outcome of each change, or a rollback because a change met damage. `before` is the
 * number of changes that ran before this change.
 */
type GroupRun =
  | { readonly kind: 'over'; readonly outcomes: readonly Outcome[] }
  | (Damaged & { readonly before: number });

/**
 * The only writer of a database: gathers the changes of one tick of the event loop into one transaction, so that they
 * share one disk sync.
 *
 * - Order: changes run in the order of submission; each change sees the previous ones.
 * - Atomicity: each change runs inside its own savepoint. A change that throws is rolled back alone, and its promise
 *   rejects with the error.
 * - Damage: a change that meets damage in the store is rejected alone, as `damaged`. The rest of its group commits
 *   without this change, and may run a second time. If the change can avoid the damage (`AvoidableDamage`), the whole
 *   group runs again and no change is rejected.
 * - Durability: every promise of a group settles after COMMIT has returned. If the commit fails, all promises reject
 *   with the same `StoreError`. This includes changes that threw before, because they may have thrown because of an
 *   earlier change of the group, which has not happened now.
 * - Errors: after `busy`, `full` and `damaged`, nothing has happened. After `unknown`, the disk failed during COMMIT,
 *   so the changes of the group may be in the store after a restart.
 * - Failures never end the process, and the next group starts from a clean transaction.
 *
 * The size of groups adapts to the load: while a commit blocks the thread, the changes of the next group arrive. Right
 * after a commit, the next group waits `gatherMs` for more changes, unless enough changes wait. This saves a fifth of
 * the processor time under load, and costs nothing when idle.
 */
export class GroupCommit {
  /** The undo log of in-memory state that is derived from tables. The state is rolled back with the transaction. */
  readonly undo: UndoLog = new UndoLog();
  readonly #database: Database;
  readonly #limits: SqliteStoreLimits;
  readonly #observer: CommitObserver | null;
  readonly #onDiskFull: () => void;
  readonly #onCommitFailed: (code: string) => void;
  readonly #begin: Statement;
  readonly #commit: Statement;
  readonly #rollback: Statement;
  readonly #savepoint: Statement;
  readonly #release: Statement;
  readonly #rollbackTo: Statement;
  #queue: Waiting[] = [];
  #idle: Array<() => void> = [];
  #planned: Planned = { kind: 'nothing' };
  #held = false;
  #closed = false;
  #lastCommitAt = 0;
  #lastFailure: StoreErrorCode | null = null;
  #retrial: NodeJS.Timeout | null = null;

  constructor(
    database: Database,
    limits: SqliteStoreLimits,
    { observer = null, onDiskFull = () => undefined, onCommitFailed = () => undefined }: GroupCommitOptions = {},
  ) {
    this.#database = database;
    this.#limits = limits;
    this.#observer = observer;
    this.#onDiskFull = onDiskFull;
    this.#onCommitFailed = onCommitFailed;
    this.#begin = database.prepare('BEGIN IMMEDIATE');
    this.#commit = database.prepare('COMMIT');
    this.#rollback = database.prepare('ROLLBACK');
    this.#savepoint = database.prepare('SAVEPOINT change');
    this.#release = database.prepare('RELEASE change');
    this.#rollbackTo = database.prepare('ROLLBACK TO change');
  }

  /** Runs `work` in the next group; resolves with its result once durable. `work` must be synchronous. */
  submit<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#closed) return reject(new StoreError('busy', 'The store is closed.'));
      if (this.#queue.length >= this.#limits.queuedChangesMax)
        return reject(new StoreError('busy', 'Too many changes wait for the disk.'));
      this.#queue.push({ work, resolve, reject });
      this.#schedule();
    });
  }

  health(): CommitHealth {
    return { lastCommitOk: this.#lastFailure === null, isDiskFull: this.#lastFailure === 'full' };
  }

  /** Commits nothing until `resume` or `close`; submitted changes wait. */
  hold(): void {
    this.#held = !this.#closed;
  }

  resume(): void {
    this.#held = false;
    this.#schedule();
  }

  /**
   * Refuses further changes, and resolves when the waiting changes are settled. Commits even while held, because
   * nothing may be left that calls `resume`.
   */
  close(): Promise<void> {
    this.#closed = true;
    this.resume();
    if (this.#retrial !== null) clearTimeout(this.#retrial);
    if (this.#queue.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #schedule(): void {
    if (this.#held || this.#queue.length === 0 || this.#planned.kind === 'now') return;
    const { gatherMs, gatherChanges } = this.#limits;
    const mayWait = this.#queue.length < gatherChanges && performance.now() - this.#lastCommitAt < gatherMs;
    if (mayWait && this.#planned.kind === 'later') return;
    if (mayWait) {
      this.#planned = { kind: 'later', timer: setTimeout(() => this.#flushUnlessHeld(), gatherMs) };
      return;
    }
    if (this.#planned.kind === 'later') clearTimeout(this.#planned.timer);
    this.#planned = { kind: 'now' };
    setImmediate(() => this.#flushUnlessHeld());
  }

  #flushUnlessHeld(): void {
    this.#planned = { kind: 'nothing' };
    if (!this.#held) this.#flush();
  }

  #flush(): void {
    const group = this.#queue.splice(0, this.#limits.groupChangesMax);
    const outcomes = this.#commitGroup(group);
    this.#lastCommitAt = performance.now();
    for (const [index, { resolve, reject }] of group.entries()) {
      const outcome = outcomes[index];
      if (outcome?.kind === 'done') resolve(outcome.value as never);
      else reject(outcome?.reason);
    }
    this.#schedule();
    if (this.#queue.length === 0) for (const settle of this.#idle.splice(0)) settle();
  }

  /**
   * Commits a group. A change that meets damage makes its transaction unusable, because SQLite refuses further writes.
   * Then the changes before this change are committed first, and those after it in another transaction.
   */
  #commitGroup(group: readonly Waiting[]): readonly Outcome[] {
    const outcomes: Outcome[] = [];
    while (outcomes.length < group.length) {
      const left = group.slice(outcomes.length);
      const ran = this.#runGroup(left);
      if (ran.kind === 'over') return [...outcomes, ...ran.outcomes];
      if (ran.reason === null) continue; // The damage is avoided now, so the loop ends.
      if (ran.before > 0) outcomes.push(...this.#commitGroup(left.slice(0, ran.before)));
      outcomes.push({ kind: 'refused', reason: ran.reason });
    }
    return outcomes;
  }

  #runGroup(group: readonly Waiting[]): GroupRun {
    let phase: FailurePhase = 'before';
    try {
      this.#undo();
      this.#begin.run();
      const outcomes: Outcome[] = [];
      for (const { work } of group) {
        const outcome = this.#runChange(work);
        if (outcome.kind === 'damaged') return this.#leaveDamaged(outcome.reason, outcomes.length);
        outcomes.push(outcome);
      }
      this.#observer?.beforeCommit();
      phase = 'commit';
      this.#commit.run();
      this.#observer?.committed();
      this.undo.keep();
      this.#lastFailure = null;
      return { kind: 'over', outcomes };
    } catch (cause) {
      this.undo.undoTo(0);
      const reason = asStoreError(cause, phase);
      this.#lastFailure = reason.code;
      this.#tryAgainLater();
      if (reason.code === 'full') this.#onDiskFull();
      else if (reason.code !== 'damaged') this.#onCommitFailed(errorCode(cause) || reason.message);
      try {
        this.#undo();
      } catch {
        // The rollback has failed too. The next group rolls back before it begins, or fails in the same way.
      }
      return { kind: 'over', outcomes: group.map(() => ({ kind: 'refused', reason })) };
    }
  }

  /** Rolls back the group. */
  #leaveDamaged(reason: StoreError | null, before: number): GroupRun {
    this.undo.undoTo(0);
    this.#undo();
    return { kind: 'damaged', before, reason };
  }

  /** Rolls back unless SQLite has done so itself after the failure; a second ROLLBACK would be an error. */
  #undo(): void {
    if (this.#database.inTransaction) this.#rollback.run();
  }

  /** Commits an unchanged value, so that health reflects whether commits succeed. */
  tryNow(): void {
    const rewriteVersion = (): void => {
      const version = Number(this.#database.pragma('user_version', { simple: true }));
      this.#database.pragma(`user_version = ${version}`);
    };
    // `#commitGroup` records failures.
    this.submit(rewriteVersion).catch(() => undefined);
  }

  #tryAgainLater(): void {
    if (this.#retrial !== null || this.#closed) return;
    const attempt = (): void => {
      this.#retrial = null;
      if (this.#lastFailure !== null && !this.#closed) this.tryNow();
    };
    this.#retrial = setTimeout(attempt, this.#limits.retrialMs).unref();
  }

  #runChange(work: () => unknown): Outcome | Damaged {
    const before = this.undo.mark();
    this.#savepoint.run();
    try {
      const value = work();
      this.#release.run();
      return { kind: 'done', value };
    } catch (reason) {
      // A full or failing disk concerns not only this change, so the whole group fails.
      if (reason instanceof AvoidableDamage) return { kind: 'damaged', reason: null };
      const damaged = asDamage(reason);
      if (damaged !== null) return { kind: 'damaged', reason: damaged };
      if (isStorageFailure(reason) || !this.#database.inTransaction) throw reason;
      this.#rollbackTo.run();
      this.undo.undoTo(before);
      this.#release.run();
      return { kind: 'refused', reason };
    }
  }
}

/** Returns the error for a change that met damage; `null` if the change failed for another reason. */
function asDamage(reason: unknown): StoreError | null {
  const failure = isStorageFailure(reason) ? asStoreError(reason, 'before') : null;
  return failure?.code === 'damaged' ? failure : null;
}
