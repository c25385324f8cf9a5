/**
 * Schema step: search filters.
 *
 * - A block is a run of `BLOCK_MESSAGES` consecutive messages of a conversation, numbered from 0.
 * - `search_block` has one filter for every full block: a Bloom filter of the words of the block's messages. `first_at`
 *   is the time of the block's first message. A search reads a block without a row completely, so a missing row costs
 *   time but never a result.
 * - `search_due` is the queue of full blocks without a filter. The transaction that fills a block, or that changes a
 *   text in it, writes the row, each time with a new `id`. So a filter that was built from older texts is recognized.
 * - `search_state.version` is the version of the filters. A program with another version builds all of them again.
 */
export const SEARCH_SCHEMA = `
CREATE TABLE search_block (
  conversation INTEGER NOT NULL,
  block INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  bits BLOB NOT NULL,
  PRIMARY KEY (conversation, block)
) STRICT, WITHOUT ROWID;

CREATE TABLE search_due (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation INTEGER NOT NULL,
  block INTEGER NOT NULL,
  UNIQUE (conversation, block)
) STRICT;

CREATE TABLE search_state (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  version TEXT NOT NULL
) STRICT;
INSERT INTO search_state VALUES (1, '');
`;
