/**
 * What narrows a search.
 *
 * - `search_block` has one filter for every full block of a conversation's log: a Bloom filter over what its messages can be found by. `first_at`
 *   is when the block's first message was sent. A block without a row is read whole, so a row that is missing costs time and never a result.
 *   `version` is of the program that made it, and of use to that one alone.
 * - `search_due` says which full blocks have no filter yet. A row is written in the transaction of the message that fills the block, or
 *   of the change of a text in it.
 *
 * Filters are not compressed, for they do not shrink.
 */
export const SEARCH_SCHEMA = `
CREATE TABLE search_block (
  conversation int8 NOT NULL,
  block int8 NOT NULL,
  first_at int8 NOT NULL,
  version int8 NOT NULL,
  bits bytea NOT NULL,
  PRIMARY KEY (conversation, block)
);
ALTER TABLE search_block ALTER COLUMN bits SET STORAGE EXTERNAL;
CREATE INDEX search_block_version ON search_block (version);

CREATE TABLE search_due (
  conversation int8 NOT NULL,
  block int8 NOT NULL,
  PRIMARY KEY (conversation, block)
);
`;
