import { type CommitHealth, StoreError, type StoreErrorCode } from '@everywire/chat';
import { AvoidableDamage } from './damaged-lists.js';
import type { Database, Statement } from './database/database.js';
import type { SqliteStoreLimits } from './limits.js';
import { asStoreError, type FailurePhase, isStorageFailure } from './store-failure.js';
import { errorCode } from './store-file-error.js';
import { UndoLog } from './undo-log.js';

/** Notes what is committed. */
export interface CommitWitness {
  /** Inside the transaction, as its last step. What it throws fails the commit. */
  beforeCommit(): void;
  /** Once the commit is durable, before any promise of its group settles. Throws nothing. */
  committed(): void;
}

export interface GroupCommitOptions {
  readonly witness?: CommitWitness | null;
  /** Called at each group that finds no room. */
  readonly onDiskFull?: () => void;
  /** Called at each group that fails for another reason than a full disk or damage, with the code of SQLite or of the system. */
  readonly onCommitFailed?: (code: string) => void;
}

interface Waiting {
  readonly work: () => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (reason: unknown) => void;
}

/** When the next group is to be committed: after company had time to come, or at the end of this turn. */
type Planned =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'later'; readonly timer: NodeJS.Timeout }
  | { readonly kind: 'now' };

type Outcome =
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly reason: unknown };

/** One change met damage; `null`: it goes around that when it runs again. */
interface Damaged {
  readonly kind: 'damaged';
  readonly reason: StoreError | null;
}

/** How a transaction ended: with an outcome of each change, or undone because the change after the first `before` met damage. */
type GroupRun =
  | { readonly kind: 'over'; readonly outcomes: readonly Outcome[] }
  | (Damaged & { readonly before: number });

/**
 * The only writer of a database: gathers the changes of one turn of the event loop into one transaction, so that they share one
 * sync of the disk.
 *
 * - Order: changes run in the order they were submitted, each seeing those before it.
 * - Atomicity: each runs inside its own savepoint. One that throws is undone alone and its promise rejects with what it threw.
 * - Damage: a change that meets damage in the store is refused as `damaged`, alone; the others of its group are committed without it, for which
 *   they may run a second time. Where it can do without what is damaged (`AvoidableDamage`), all of them run again and nothing is refused.
 * - Durability: every promise of a group settles after COMMIT has returned. If the commit fails, all of them reject with the
 *   same `StoreError`, also those that were refused, because what refused them may have been a change that never happened.
 * - `busy`, `full` and `damaged`: nothing happened. `unknown`: the disk failed during COMMIT, so the group may come back after a restart.
 * - Nothing here ends the process, and the next group starts from a clean transaction.
 *
 * Committing every turn adjusts itself: while one commit blocks, the next group gathers. Right after a commit it waits
 * `gatherMs` for company, unless enough has come: a fifth less processor time under load, and nothing lost when idle.
 */
export class GroupCommit {
  /** Of what is noted in memory beside the tables: taken back with whatever is rolled back. */
  readonly undo: UndoLog = new UndoLog();
  readonly #database: Database;
  readonly #limits: SqliteStoreLimits;
  readonly #witness: CommitWitness | null;
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
    { witness = null, onDiskFull = () => undefined, onCommitFailed = () => undefined }: GroupCommitOptions = {},
  ) {
    this.#database = database;
    this.#limits = limits;
    this.#witness = witness;
    this.#onDiskFull = onDiskFull;
    this.#onCommitFailed = onCommitFailed;
    this.#begin = database.prepare('BEGIN IMMEDIATE');
    this.#commit = database.prepare('COMMIT');
    this.#rollback = database.prepare('ROLLBACK');
    this.#savepoint = database.prepare('SAVEPOINT change');
    this.#release = database.prepare('RELEASE change');
    this.#rollbackTo = database.prepare('ROLLBACK TO change');
  }

  /** Runs `work` in the next group; resolves with what it returned once that is durable. `work` may run only synchronously. */
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

  /** Commits nothing until `resume` or `close`; what is submitted meanwhile waits. */
  hold(): void {
    this.#held = !this.#closed;
  }

  resume(): void {
    this.#held = false;
    this.#schedule();
  }

  /** Refuses further changes, and resolves when those that wait are settled: held ones are committed, because nobody may be left to resume. */
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
   * A change that meets damage poisons its transaction: SQLite refuses to write any more in it. So the changes before it are committed
   * without it, then those after it; each runs twice at most.
   */
  #commitGroup(group: readonly Waiting[]): readonly Outcome[] {
    const outcomes: Outcome[] = [];
    while (outcomes.length < group.length) {
      const left = group.slice(outcomes.length);
      const ran = this.#runGroup(left);
      if (ran.kind === 'over') return [...outcomes, ...ran.outcomes];
      if (ran.reason === null) continue; // What is damaged is left out now, so this comes to an end.
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
      this.#witness?.beforeCommit();
      phase = 'commit';
      this.#commit.run();
      this.#witness?.committed();
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
        // A disk that cannot even undo: the next group undoes before it begins, or fails like this one.
      }
      return { kind: 'over', outcomes: group.map(() => ({ kind: 'refused', reason })) };
    }
  }

  /** Nothing of the group is written. */
  #leaveDamaged(reason: StoreError | null, before: number): GroupRun {
    this.undo.undoTo(0);
    this.#undo();
    return { kind: 'damaged', before, reason };
  }

  /** Leaves no transaction open. SQLite has rolled back by itself after some failures; a second ROLLBACK would be an error. */
  #undo(): void {
    if (this.#database.inTransaction) this.#rollback.run();
  }

  /** Writes what is there already, so that health says whether commits succeed without anybody's change. */
  tryNow(): void {
    const rewriteVersion = (): void => {
      const version = Number(this.#database.pragma('user_version', { simple: true }));
      this.#database.pragma(`user_version = ${version}`);
    };
    // A failure is noted where every commit's is; there is nobody else to tell.
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
      // A full or failing disk is not this change's own affair: the whole group would fail, so let it fail as one.
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

/** What a change that met damage is refused with; `null` for any other reason. */
function asDamage(reason: unknown): StoreError | null {
  const failure = isStorageFailure(reason) ? asStoreError(reason, 'before') : null;
  return failure?.code === 'damaged' ? failure : null;
}
