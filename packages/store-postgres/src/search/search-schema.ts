/**
 * The tables that speed up searches.
 *
 * - `search_block` has one filter for every full block of a conversation's log: a Bloom filter over the search tokens
 *   of its messages. `first_at` is the time of the block's first message. A block without a row is read in full, so a
 *   missing row costs time but never a result. A filter is usable only by programs with the same `version`.
 * - `search_due` lists the full blocks without a filter. A row is written in the transaction that fills the block or
 *   changes a text in it.
 *
 * Filters are stored uncompressed, because they do not compress.
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
