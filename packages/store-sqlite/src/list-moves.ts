import type { ConversationId, UserId } from '@everywire/chat';
import type { DamagedLists } from './damaged-lists.js';
import type { Database, Statement } from './database/database.js';
import type { Listed, Shown } from './list-place.js';
import type { UndoLog } from './undo-log.js';

/** One row that has moved on while the tree still has it at `from`. */
export interface Moved {
  readonly conversation: ConversationId;
  readonly from: Shown;
  readonly to: Shown;
}

/** `row`: what `list_moved` has of it. */
type Waiting = Moved & { readonly row: number };

export interface ListMovesLimits {
  /** Moves of one user that are written together. */
  readonly listMovesPerUser: number;
  /** Rows of `list_moved`. */
  readonly listMovesMax: number;
}

interface ListMovesOptions {
  readonly limits: ListMovesLimits;
  readonly undo: UndoLog;
  readonly write: (move: Moved) => void;
  readonly damaged: DamagedLists;
}

/** Rows that fall off at the old end at a time: each may be another user, all of whose moves are then written. */
const TRIM_ROWS = 16;

/**
 * The moves in a list that its tree does not have yet. A send moves its conversation in the lists of both people, and each of those lies on
 * other pages; a user's moves gathered here dirty the same pages once.
 *
 * - The row in `list_moved` is written with the change itself, so after a crash the moves are known; they are written when the store is opened.
 * - Memory says the same as `list_moved`, but for rows whose move is written: taken back with the transaction by `undo`.
 * - A list that cannot be written is left alone: its moves stay in `list_moved`, one row for each conversation, and go to the new end when
 *   they come to the old one.
 */
export class ListMoves {
  readonly #waiting = new Map<UserId, ReadonlyMap<ConversationId, Waiting>>();
  readonly #limits: ListMovesLimits;
  readonly #undo: UndoLog;
  readonly #write: (move: Moved) => void;
  readonly #damaged: DamagedLists;
  readonly #add: Statement<[number, number, number, number]>;
  readonly #oldest: Statement<[number], { row: number; user: number; conversation: number }>;
  readonly #append: Statement<[number]>;
  readonly #drop: Statement<[number]>;
  /** Rows that `list_moved` has. */
  #rows = 0;

  /** `write` moves it in the tree. */
  constructor(database: Database, { limits, undo, write, damaged }: ListMovesOptions) {
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

  /** Notes a move that may wait. */
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

  /** Notes where the tree of a list that cannot be written has a row that moves, or `null`, which is nowhere. */
  keep(conversation: ConversationId, user: UserId, from: Listed | null): void {
    if (this.#waiting.get(user)?.has(conversation)) return;
    // A place where the tree has nothing is as good as none: it is given up without being there.
    const place: Shown = { user, stamp: from?.stamp ?? 0, value: from?.value ?? 0 };
    const row = this.#insert(conversation, place);
    this.#set(user, new Map(this.#waiting.get(user)).set(conversation, { conversation, from: place, to: place, row }));
    if (this.#rows > this.#limits.listMovesMax) this.#trim();
  }

  /** Counts rows that were left in `list_moved` when the store was opened. */
  leave(rows: number): void {
    this.#count(rows);
  }

  /** Where the tree has it, where that is not `from`: the move that waited is no more, and the caller writes the whole way. */
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
