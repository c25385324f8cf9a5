import { StoreError } from '@everywire/chat';
import type Database from 'better-sqlite3';
import type { SqliteStoreLimits } from './limits.js';
import { asStoreError, type FailurePhase, isStorageFailure } from './store-failure.js';
import { UndoLog } from './undo-log.js';

/** What `/readyz` asks. True until a commit fails, and again after one succeeds, if need be one made for the purpose. */
export interface CommitHealth {
  readonly lastCommitOk: boolean;
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

/**
 * The only writer of a database: gathers the changes of one turn of the event loop into one transaction, so that they share one
 * sync of the disk.
 *
 * - Order: changes run in the order they were submitted, each seeing those before it.
 * - Atomicity: each runs inside its own savepoint. One that throws is undone alone and its promise rejects with what it threw.
 * - Durability: every promise of a group settles after COMMIT has returned. If the commit fails, all of them reject with the
 *   same `StoreError`, also those that were refused, because what refused them may have been a change that never happened.
 * - `busy` and `full`: nothing happened. `unknown`: the disk failed during COMMIT, so the group may come back after a restart.
 * - Nothing here ends the process, and the next group starts from a clean transaction.
 *
 * Committing every turn adjusts itself: while one commit blocks, the next group gathers. Right after a commit it waits
 * `gatherMs` for company, unless enough has come: a fifth less processor time under load, and nothing lost when idle.
 */
export class GroupCommit {
  /** Of what is noted in memory beside the tables: taken back with whatever is rolled back. */
  readonly undo: UndoLog = new UndoLog();
  readonly #database: Database.Database;
  readonly #limits: SqliteStoreLimits;
  readonly #begin: Database.Statement;
  readonly #commit: Database.Statement;
  readonly #rollback: Database.Statement;
  readonly #savepoint: Database.Statement;
  readonly #release: Database.Statement;
  readonly #rollbackTo: Database.Statement;
  #queue: Waiting[] = [];
  #idle: Array<() => void> = [];
  #planned: Planned = { kind: 'nothing' };
  #held = false;
  #closed = false;
  #lastCommitAt = 0;
  #lastCommitOk = true;
  #retrial: NodeJS.Timeout | null = null;

  constructor(database: Database.Database, limits: SqliteStoreLimits) {
    this.#database = database;
    this.#limits = limits;
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
    return { lastCommitOk: this.#lastCommitOk };
  }

  /** Commits nothing until `resume`; what is submitted meanwhile waits. */
  hold(): void {
    this.#held = true;
  }

  resume(): void {
    this.#held = false;
    this.#schedule();
  }

  /** Refuses further changes, and resolves when those that wait are settled. */
  close(): Promise<void> {
    this.#closed = true;
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

  #commitGroup(group: readonly Waiting[]): readonly Outcome[] {
    let phase: FailurePhase = 'before';
    try {
      this.#undo();
      this.#begin.run();
      const outcomes = group.map(({ work }) => this.#runChange(work));
      phase = 'commit';
      this.#commit.run();
      this.undo.keep();
      this.#lastCommitOk = true;
      return outcomes;
    } catch (cause) {
      this.#lastCommitOk = false;
      this.undo.undoTo(0);
      this.#tryAgainLater();
      const reason = asStoreError(cause, phase);
      try {
        this.#undo();
      } catch {
        // A disk that cannot even undo: the next group undoes before it begins, or fails like this one.
      }
      return group.map(() => ({ kind: 'refused', reason }));
    }
  }

  /** Leaves no transaction open. SQLite has rolled back by itself after some failures; a second ROLLBACK would be an error. */
  #undo(): void {
    if (this.#database.inTransaction) this.#rollback.run();
  }

  /** Writes what is there already, so that the store is known to be well again without anybody's change. */
  #tryAgainLater(): void {
    if (this.#retrial !== null || this.#closed) return;
    const rewriteVersion = (): void => {
      const version = Number(this.#database.pragma('user_version', { simple: true }));
      this.#database.pragma(`user_version = ${version}`);
    };
    const attempt = (): void => {
      this.#retrial = null;
      if (this.#lastCommitOk || this.#closed) return;
      // A failure is noted where every commit's is; there is nobody else to tell.
      this.submit(rewriteVersion).catch(() => undefined);
    };
    this.#retrial = setTimeout(attempt, this.#limits.retrialMs).unref();
  }

  #runChange(work: () => unknown): Outcome {
    const before = this.undo.mark();
    this.#savepoint.run();
    try {
      const value = work();
      this.#release.run();
      return { kind: 'done', value };
    } catch (reason) {
      // A full or failing disk is not this change's own affair: the whole group would fail, so let it fail as one.
      if (isStorageFailure(reason) || !this.#database.inTransaction) throw reason;
      this.#rollbackTo.run();
      this.undo.undoTo(before);
      this.#release.run();
      return { kind: 'refused', reason };
    }
  }
}
