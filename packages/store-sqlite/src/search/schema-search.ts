/**
 * What narrows a search.
 *
 * - `search_block` has one filter for every full block of a conversation's log: a Bloom filter over what its messages can be found by. `first_at`
 *   is when the block's first message was sent. A block without a row is read whole, so a row that is missing costs time and never a result.
 * - `search_due` says which full blocks have no filter yet. A row is written in the transaction of the message that fills the block, or
 *   of the change of a text in it; a new `id` each time tells a filter that was made meanwhile from one that is out of date.
 * - `search_state.version` is of the program that made the filters: another one makes them anew.
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
