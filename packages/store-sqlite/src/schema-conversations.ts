/**
 * Schema step: roles, settings, channels and notes; private settings of members; invitations; blocks.
 *
 * - `conversation.settings` has one bit for each setting that differs from a new group: 1 `send`, 2 `add`, 4 `rename`,
 *   8 `join`.
 * - `conversation.listed` is the case-folded name if anyone may join, otherwise NULL. Its index is the directory, the
 *   list of conversations that anyone may join.
 * - `member.place` is 1 pinned, 0 normal, -1 archived; `dismissed` is the conversation's count when it was dismissed,
 *   which lasts until the count rises.
 * - `member_role` finds the successor of an owner in one seek per role. Before this step, leaving owners left groups
 *   without one: each of those is given to its longest member.
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
