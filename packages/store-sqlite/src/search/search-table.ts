import type { ConversationId, Message } from '@everywire/chat';
import { BLOCK_MESSAGES, blockOf, hasSameSearchText, searchTextVersion } from '@everywire/chat/internal';
import { DELETED } from '../conversation-table.js';
import type { Database } from '../database/database.js';
import { inTransaction } from '../database/transaction.js';

/**
 * A search filter that was built from the messages of one block. `due` is the id of the block's row in `search_due`.
 */
export interface BuiltBlock {
  readonly due: number;
  readonly conversation: ConversationId;
  readonly block: number;
  readonly firstAt: number;
  readonly bits: Uint8Array;
}

/**
 * Writes the tables of the search. A block is a run of `BLOCK_MESSAGES` consecutive messages of a conversation. Each
 * full block gets a filter (a Bloom filter of its words) in `search_block`; until then, the block is due: it has a row
 * in `search_due`, the queue from which filters are built. The caller must run a transaction.
 */
export interface SearchTable {
  /** Handles new messages: each block that they fill becomes due. */
  append(messages: readonly Message[]): void;
  /**
   * Handles a changed message: if its block is full and its text changed, drops the block's filter and makes the block
   * due again. `head` is the conversation's last sequence.
   */
  touch(before: Message, after: Message, head: number): void;
  /**
   * Writes filters. Ignores a filter whose block has changed meanwhile: its row in `search_due` then has another id.
   */
  write(blocks: readonly BuiltBlock[]): void;
  /** Returns whether a block is due. */
  hasDue(): boolean;
  /** If another version of the program built the filters, drops all of them and makes every full block due. */
  renew(): void;
}

/** Creates the statements. Calls `onDue` whenever a block becomes due. */
export function createSearchTable(database: Database, onDue: () => void): SearchTable {
  // REPLACE deletes an existing row and inserts one with a new id, so `write` recognizes a filter of the old texts.
  const add = database.prepare<[number, number]>(
    'INSERT OR REPLACE INTO search_due (conversation, block) VALUES (?, ?)',
  );
  const settle = database.prepare<[number]>('DELETE FROM search_due WHERE id = ?');
  const drop = database.prepare<[number, number]>('DELETE FROM search_block WHERE conversation = ? AND block = ?');
  const insert = database.prepare<[number, number, number, Uint8Array]>(
    'INSERT OR REPLACE INTO search_block (conversation, block, first_at, bits) VALUES (?, ?, ?, ?)',
  );
  const anyDue = database.prepare<[], number>('SELECT id FROM search_due ORDER BY id LIMIT 1').pluck();
  const version = database.prepare<[], string>('SELECT version FROM search_state WHERE only = 1').pluck();
  const setVersion = database.prepare<[string]>('UPDATE search_state SET version = ? WHERE only = 1');
  const makeDue = (conversation: ConversationId, block: number): void => {
    add.run(conversation, block);
    onDue();
  };
  return {
    append: (messages) => {
      for (const { conversation, sequence } of messages) {
        if (sequence % BLOCK_MESSAGES === 0) makeDue(conversation, blockOf(sequence));
      }
    },
    touch: (before, { conversation, sequence, body }, head) => {
      const block = blockOf(sequence);
      if ((block + 1) * BLOCK_MESSAGES > head || hasSameSearchText(before.body, body)) return;
      drop.run(conversation, block);
      makeDue(conversation, block);
    },
    write: (blocks) => {
      for (const { due, conversation, block, firstAt, bits } of blocks) {
        if (settle.run(due).changes === 1) insert.run(conversation, block, firstAt, bits);
      }
    },
    hasDue: () => anyDue.get() !== undefined,
    renew: () => {
      const present = `${searchTextVersion}.${BLOCK_MESSAGES}.${process.versions['unicode']}`;
      if (version.get() === present) return;
      inTransaction(database, () => {
        database.exec(`DELETE FROM search_block; DELETE FROM search_due; ${MAKE_ALL_DUE}`);
        setVersion.run(present);
      });
    },
  };
}

/** Inserts a row for every full block: the recursion counts the blocks of each conversation from 0. */
const MAKE_ALL_DUE = `
WITH RECURSIVE full (conversation, block, blocks) AS (
  SELECT id, 0, sequence / ${BLOCK_MESSAGES} FROM conversation
    WHERE sequence >= ${BLOCK_MESSAGES} AND settings & ${DELETED} = 0
  UNION ALL SELECT conversation, block + 1, blocks FROM full WHERE block + 1 < blocks
) INSERT INTO search_due (conversation, block) SELECT conversation, block FROM full;`;
