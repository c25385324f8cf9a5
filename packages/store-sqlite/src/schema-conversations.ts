/**
 * Roles, settings, channels and notes; what a member keeps to themselves; invitations; blocks.
 *
 * - `conversation.settings` holds one bit each for what is not as in a new group: 1 `send`, 2 `add`, 4 `rename`, 8 `join`.
 * - `conversation.listed` is the folded name of what anyone may join, NULL for the rest: the directory is its index.
 * - `member.place` is 1 pinned, 0 as it comes, -1 archived; `dismissed` is the conversation's count when it was taken off the list, until more counts.
 * - `member_role` finds who follows an owner in one seek a role. Before this step owners left groups without one:
 *   whoever has been there longest is given each of those.
 */
export const CONVERSATIONS_STEP = `
ALTER TABLE conversation ADD COLUMN settings INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversation ADD COLUMN listed TEXT;
CREATE INDEX conversation_listed ON conversation (listed, id) WHERE listed IS NOT NULL;

ALTER TABLE member ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
ALTER TABLE member ADD COLUMN mute INTEGER NOT NULL DEFAULT 0;
ALTER TABLE member ADD COLUMN dismissed INTEGER;
CREATE INDEX member_role ON member (conversation, role, open_from, user) WHERE open_from IS NOT NULL;

UPDATE member SET role = 0 WHERE (conversation, user) IN (
  SELECT conversation, user FROM (
    SELECT m.conversation, m.user, row_number() OVER (PARTITION BY m.conversation ORDER BY m.open_from, m.user) AS place
    FROM member m JOIN conversation c ON c.id = m.conversation
    WHERE c.kind = 1 AND m.open_from IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM member o WHERE o.conversation = m.conversation AND o.role = 0 AND o.open_from IS NOT NULL
    )
  ) WHERE place = 1
);

CREATE TABLE invite (
  conversation INTEGER NOT NULL REFERENCES conversation (id),
  id BLOB NOT NULL,
  hash BLOB NOT NULL,
  creator INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  uses_max INTEGER,
  uses INTEGER NOT NULL,
  PRIMARY KEY (conversation, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE person (
  user INTEGER PRIMARY KEY,
  receipts INTEGER NOT NULL
) STRICT;

CREATE TABLE block (
  user INTEGER NOT NULL,
  blocked INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (user, blocked)
) STRICT, WITHOUT ROWID;
`;
