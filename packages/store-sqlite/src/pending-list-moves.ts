import type { ConversationId, UserId } from '@everywire/chat';
import type { DamagedLists } from './damaged-lists.js';
import type { Database, Statement } from './database/database.js';
import type { Listed, Shown } from './list-place.js';
import type { UndoLog } from './undo-log.js';

/** A row that has moved while the tree still has it at `from`. */
export interface Moved {
  readonly conversation: ConversationId;
  readonly from: Shown;
  readonly to: Shown;
}

/** `row` is its id in `list_moved`. */
type Waiting = Moved & { readonly row: number };

/** Limits of `PendingListMoves`. */
export interface PendingListMovesLimits {
  /** Moves of one user that are written together. */
  readonly listMovesPerUser: number;
  /** Rows of `list_moved`. */
  readonly listMovesMax: number;
}

interface PendingListMovesOptions {
  readonly limits: PendingListMovesLimits;
  readonly undo: UndoLog;
  readonly write: (move: Moved) => void;
  readonly damaged: DamagedLists;
}

/** Oldest rows written at a time: each may belong to another user, all of whose moves are then written. */
const TRIM_ROWS = 16;

/**
 * Holds list moves that the tree does not have yet. A send moves its conversation in the lists of both people, which
 * are on different pages; batching a user's moves writes the same pages once.
 *
 * - The row in `list_moved` is written with the change itself, so moves survive a crash; they are applied when the
 *   store is opened.
 * - Memory equals `list_moved` except for rows whose move was applied; `undo` rolls it back with the transaction.
 * - A list that cannot be written is skipped: its moves stay in `list_moved`, one row per conversation, and are
 *   requeued when they become the oldest.
 */
export class PendingListMoves {
  readonly #waiting = new Map<UserId, ReadonlyMap<ConversationId, Waiting>>();
  readonly #limits: PendingListMovesLimits;
  readonly #undo: UndoLog;
  readonly #write: (move: Moved) => void;
  readonly #damaged: DamagedLists;
  readonly #add: Statement<[number, number, number, number]>;
  readonly #oldest: Statement<[number], { row: number; user: number; conversation: number }>;
  readonly #append: Statement<[number]>;
  readonly #drop: Statement<[number]>;
  /** Number of rows in `list_moved`. */
  #rows = 0;

  /** @param options `write` moves a row in the tree */
  constructor(database: Database, { limits, undo, write, damaged }: PendingListMovesOptions) {
    this.#damaged = damaged;
    this.#limits = limits;
    this.#undo = undo;
    this.#write = write;
    this.#add = database.prepare('INSERT INTO list_moved (user, conversation, stamp, value) VALUES (?, ?, ?, ?)');
    this.#oldest = database.prepare('SELECT id AS row, user, conversation FROM list_moved ORDER BY id LIMIT ?');
    this.#append = database.prepare(
      'INSERT INTO list_moved (user, conversation, stamp, value) SELECT user, conversation, stamp, value FROM list_moved WHERE id = ?',
    );
    this.#drop = database.prepare('DELETE FROM list_moved WHERE id <= ?');
  }

  of(user: UserId): readonly Moved[] {
    const waiting = this.#waiting.get(user);
    return waiting === undefined ? [] : [...waiting.values()];
  }

  /** Records a move that may wait. */
  add(conversation: ConversationId, from: Shown, to: Shown): void {
    const { user } = to;
    const known = this.#waiting.get(user)?.get(conversation);
    const row = known?.row ?? this.#insert(conversation, from);
    const next = new Map(this.#waiting.get(user)).set(conversation, {
      conversation,
      from: known?.from ?? from,
      to,
      row,
    });
    this.#set(user, next);
    if (next.size >= this.#limits.listMovesPerUser) this.#settle(user);
    if (this.#rows > this.#limits.listMovesMax) this.#trim();
  }

  /** Records where the tree of an unwritable list has a moved row; `null` for nowhere. */
  keep(conversation: ConversationId, user: UserId, from: Listed | null): void {
    if (this.#waiting.get(user)?.has(conversation)) return;
    // A place without a row in the tree is equivalent to none.
    const place: Shown = { user, stamp: from?.stamp ?? 0, value: from?.value ?? 0 };
    const row = this.#insert(conversation, place);
    this.#set(user, new Map(this.#waiting.get(user)).set(conversation, { conversation, from: place, to: place, row }));
    if (this.#rows > this.#limits.listMovesMax) this.#trim();
  }

  /** Counts rows left in `list_moved` when the store was opened. */
  leave(rows: number): void {
    this.#count(rows);
  }

  /** Returns where the tree has the row, and removes its waiting move: the caller writes the whole move. */
  take(conversation: ConversationId, from: Listed): Listed {
    const waiting = this.#waiting.get(from.user);
    const known = waiting?.get(conversation);
    if (waiting === undefined || known === undefined) return from;
    const next = new Map(waiting);
    next.delete(conversation);
    this.#set(from.user, next);
    return known.from;
  }

  #insert(conversation: ConversationId, { user, stamp, value }: Shown): number {
    this.#count(1);
    return this.#add.run(user, conversation, stamp, value).lastInsertRowid;
  }

  #settle(user: UserId): void {
    for (const move of this.of(user)) this.#write(move);
    this.#set(user, new Map());
  }

  #trim(): void {
    const oldest = this.#oldest.all(TRIM_ROWS);
    for (const { row, user, conversation } of oldest) {
      if (this.#damaged.isUnwritable(user)) this.#count(this.#append.run(row).changes);
      else if (this.#waiting.get(user)?.get(conversation)?.row === row) this.#settle(user);
    }
    this.#count(-this.#drop.run(oldest.at(-1)?.row ?? 0).changes);
  }

  #set(user: UserId, moves: ReadonlyMap<ConversationId, Waiting>): void {
    const before = this.#waiting.get(user);
    this.#undo.push(() => {
      if (before === undefined) this.#waiting.delete(user);
      else this.#waiting.set(user, before);
    });
    if (moves.size === 0) this.#waiting.delete(user);
    else this.#waiting.set(user, moves);
  }

  #count(added: number): void {
    this.#undo.push(() => {
      this.#rows -= added;
    });
    this.#rows += added;
  }
}
