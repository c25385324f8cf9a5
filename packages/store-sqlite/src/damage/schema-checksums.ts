/**
 * Schema step: detection of damage to the log.
 *
 * - `message.checksum` is the CRC-32 of the message (`messageChecksum`). It is NULL for a message that was written
 *   before this step and not changed since.
 * - `lost` has the runs of messages that a backup of a damaged store could not save. Clients still see them as damaged,
 *   but they are not reported to the operator again.
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
