/**
 * What shows damage to the log.
 *
 * - `message.checksum` is the CRC-32 of the message (`messageChecksum`), NULL for one that was written before this step and not changed since.
 * - `lost` has the runs of messages that a backup of a damaged store could not save. They stay marked as damaged for clients, and are no
 *   news for the operator any more.
 */
export const CHECKSUMS_STEP = `
ALTER TABLE message ADD COLUMN checksum INTEGER;

CREATE TABLE lost (
  conversation INTEGER NOT NULL,
  low INTEGER NOT NULL,
  high INTEGER NOT NULL,
  PRIMARY KEY (conversation, low)
) STRICT, WITHOUT ROWID;
`;
