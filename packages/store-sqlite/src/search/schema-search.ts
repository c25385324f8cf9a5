/**
 * Schema step: search filters.
 *
 * - `search_block` has one filter for every full block of a conversation's log: a Bloom filter of the terms of its
 *   messages. `first_at` is when the block's first message was sent. A block without a row is read completely, so a
 *   missing row costs time but never a result.
 * - `search_due` lists full blocks without a filter. A row is written in the transaction of the message that fills the
 *   block, or that changes a text in it; each time with a new `id`, which reveals filters made from stale texts.
 * - `search_state.version` is that of the program that made the filters: another version makes them again.
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
