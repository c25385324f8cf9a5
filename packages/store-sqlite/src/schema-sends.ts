/**
 * Schema step: fewer pages written by a send.
 *
 * - `command_key` is ordered by command id first: clients mint ids that rise with time, so new keys are together at the
 *   end of the tree.
 * - `own_message` returns a member's own sends up to any sequence in one seek (CH-19). Direct conversations have no
 *   rows in it: there, the number of the other user's messages determines that of one's own.
 * - `list_moved` has the stale places in `list_order`: places of conversations that have moved while `list_order` is
 *   written later, many moves of a user together (`PendingListMoves`). Rows are appended, and the oldest are removed. A
 *   row may stay although its move has been applied, which is harmless.
 * - `file_use_conversation` finds the files of a deleted conversation, some at a time.
 */
export const SENDS_STEP = `
CREATE TABLE command_key_by_id (
  id BLOB NOT NULL,
  user INTEGER NOT NULL,
  hash TEXT NOT NULL,
  at INTEGER NOT NULL,
  result TEXT NOT NULL,
  PRIMARY KEY (id, user)
) STRICT, WITHOUT ROWID;
INSERT INTO command_key_by_id SELECT id, user, hash, at, result FROM command_key ORDER BY id, user;
DROP TABLE command_key;
ALTER TABLE command_key_by_id RENAME TO command_key;
CREATE INDEX command_key_at ON command_key (at);

CREATE TABLE own_message (
  conversation INTEGER NOT NULL,
  sender INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  sender_ordinal INTEGER NOT NULL,
  PRIMARY KEY (conversation, sender, sequence)
) STRICT, WITHOUT ROWID;
INSERT INTO own_message
  SELECT m.conversation, m.sender, m.sequence, m.sender_ordinal
  FROM message m JOIN conversation c ON c.id = m.conversation WHERE c.direct_smaller IS NULL ORDER BY 1, 2, 3;
DROP INDEX message_sender;

CREATE TABLE list_moved (
  id INTEGER PRIMARY KEY,
  user INTEGER NOT NULL,
  conversation INTEGER NOT NULL,
  stamp INTEGER NOT NULL,
  value INTEGER NOT NULL
) STRICT;

CREATE INDEX file_use_conversation ON file_use (conversation, file);
`;
