/**
 * The tables that speed up searches.
 *
 * - A block is a run of `BLOCK_MESSAGES` consecutive messages of a conversation, numbered from 0.
 * - `search_block` has one filter for every full block: a Bloom filter over the search tokens of the block's messages.
 *   `first_at` is the time of the block's first message. A search reads a block without a row in full, so a missing row
 *   costs time but never a result. A filter is usable only by programs with the same `version`.
 * - `search_due` is the queue of full blocks without a filter. The transaction that fills a block, or that changes a
 *   text in it, adds the row; a background job builds the filter and deletes the row.
 *
 * Filters are stored uncompressed, because compression does not make them smaller.
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
