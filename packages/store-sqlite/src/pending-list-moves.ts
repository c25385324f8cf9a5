import type { ConversationId, UserId } from '@everywire/chat';
import type { DamagedLists } from './damaged-lists.js';
import type { Database, Statement } from './database/database.js';
import type { Listed, Shown } from './list-place.js';
import type { UndoLog } from './undo-log.js';

/** The move of a conversation in a user's list, from the place at which the tree still has it to its current place. */
export interface Moved {
  readonly conversation: ConversationId;
  readonly from: Shown;
  readonly to: Shown;
}

/** A move that waits to be written to the tree. `row` is the id of its row in `list_moved`. */
type Waiting = Moved & { readonly row: number };

/** Limits of `PendingListMoves`. */
export interface PendingListMovesLimits {
  /** The number of waiting moves of one user at which they are written to the tree, together. */
  readonly listMovesPerUser: number;
  /** The most rows of `list_moved`. */
  readonly listMovesMax: number;
}

interface PendingListMovesOptions {
  readonly limits: PendingListMovesLimits;
  readonly undo: UndoLog;
  readonly write: (move: Moved) => void;
  readonly damaged: DamagedLists;
}

/** The number of oldest rows that are written at a time. With each of them, all moves of the same user are written. */
const TRIM_ROWS = 16;

/**
 * Holds moves in lists that are not written to the tree (`list-tree.ts`) yet. A message moves its conversation in the
 * lists of both users, which are on different pages of the file. Several moves of one user are written together, so
 * that the pages of the user's list are written once.
 *
 * - The transaction of a change also writes the old place to `list_moved`. So moves survive a crash, and are applied
 *   when the store is opened again.
 * - The moves in memory equal the rows of `list_moved`, except that a row may stay although its move has been applied.
 *   `undo` rolls the memory back with the transaction.
 * - A damaged list, which cannot be written, is skipped: its moves stay in `list_moved`, one row per conversation. When
 *   such a row becomes the oldest, it is appended again as the newest.
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
  /** The number of rows in `list_moved`. */
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

  /** Returns the waiting moves of a user. */
  of(user: UserId): readonly Moved[] {
    const waiting = this.#waiting.get(user);
    return waiting === undefined ? [] : [...waiting.values()];
  }

  /** Records a move, and writes waiting moves if there are too many. */
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

  /**
   * Records a move in a list that cannot be written. `from` is where the tree has the conversation; `null` for nowhere.
   */
  keep(conversation: ConversationId, user: UserId, from: Listed | null): void {
    if (this.#waiting.get(user)?.has(conversation)) return;
    // For `null`, records a place that no row of the tree has. Its later removal has no effect.
    const place: Shown = { user, stamp: from?.stamp ?? 0, value: from?.value ?? 0 };
    const row = this.#insert(conversation, place);
    this.#set(user, new Map(this.#waiting.get(user)).set(conversation, { conversation, from: place, to: place, row }));
    if (this.#rows > this.#limits.listMovesMax) this.#trim();
  }

  /** Adds the number of rows that were left in `list_moved` when the store was opened. */
  leave(rows: number): void {
    this.#count(rows);
  }

  /**
   * Returns where the tree has a conversation, and removes its waiting move, because the caller writes the whole move.
   */
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

  /** Writes the waiting moves of a user to the tree. Their rows in `list_moved` stay until they are the oldest. */
  #settle(user: UserId): void {
    for (const move of this.of(user)) this.#write(move);
    this.#set(user, new Map());
  }

  /** Writes the moves of the oldest rows of `list_moved`, and deletes these rows. */
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
