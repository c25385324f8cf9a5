import { CHECKSUMS_STEP } from './damage/schema-checksums.js';
import type { Migration } from './migrate.js';
import { ACCOUNT_STATES_STEP } from './schema-account-states.js';
import { ACCOUNTS_SCHEMA } from './schema-accounts.js';
import { CONFIRMED_ADDRESSES_STEP } from './schema-confirmed-addresses.js';
import { CONVERSATIONS_STEP } from './schema-conversations.js';
import { PICTURES_STEP } from './schema-pictures.js';
import { RECALLED_STEP } from './schema-recalled.js';
import { SENDS_STEP } from './schema-sends.js';
import { SEARCH_SCHEMA } from './search/schema-search.js';

/**
 * The tables. `model.ts` and `message.ts` of the chat package define the meaning of rows; this comment describes the
 * layout.
 *
 * - A table is `WITHOUT ROWID` if its key is not one integer: SQLite then stores the rows in the tree of the key, so a
 *   write changes one page, not two. Changed pages, not syncs, limit the rate of a store with group commits.
 * - Hex identifiers are stored as blobs of half the size.
 * - Drafts have a table of their own: a row of `member` is written at every message, and a long draft in it would be
 *   written each time.
 * - `member.open_from` is the start of the open period (the current membership) and NULL for a former member; `periods`
 *   has all periods of the member.
 * - `stamp` is the number of the change that last wrote a row. A client's cursor in its list is a stamp, and the list
 *   sends the conversations with later stamps (CH-14).
 * - `list_order` has both orders of a user's list in one tree, so that both are on one page for most users: `by` 0 with
 *   the stamp (CH-13), `by` 1 with the negated activity, because the newest conversation comes first. It has no large
 *   conversations of current members: the index `member_large` finds them, and their rows in `conversation` order them.
 * - `message_sender` finds the number of a member's own messages up to any sequence in one seek (CH-19).
 */
const VERSION_1 = `
CREATE TABLE store (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  epoch TEXT NOT NULL,
  stamp INTEGER NOT NULL
) STRICT;
INSERT INTO store VALUES (1, lower(hex(randomblob(8))), 0);

CREATE TABLE conversation (
  id INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  modification INTEGER NOT NULL,
  count INTEGER NOT NULL,
  members_at INTEGER NOT NULL,
  member_count INTEGER NOT NULL,
  name TEXT NOT NULL,
  activity INTEGER NOT NULL,
  large INTEGER NOT NULL,
  direct_smaller INTEGER,
  direct_larger INTEGER,
  stamp INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX conversation_direct ON conversation (direct_smaller, direct_larger) WHERE direct_smaller IS NOT NULL;

CREATE TABLE message (
  conversation INTEGER NOT NULL REFERENCES conversation (id),
  sequence INTEGER NOT NULL,
  id BLOB NOT NULL,
  sender INTEGER NOT NULL,
  command BLOB NOT NULL,
  kind INTEGER NOT NULL,
  body TEXT NOT NULL,
  sent_at INTEGER NOT NULL,
  modification INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  sender_ordinal INTEGER NOT NULL,
  PRIMARY KEY (conversation, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_modification ON message (conversation, modification) WHERE modification > 0;
CREATE INDEX message_sender ON message (conversation, sender, sequence);

CREATE TABLE member (
  conversation INTEGER NOT NULL REFERENCES conversation (id),
  user INTEGER NOT NULL,
  role INTEGER NOT NULL,
  sent INTEGER NOT NULL,
  read INTEGER NOT NULL,
  read_at INTEGER NOT NULL,
  read_ordinal INTEGER NOT NULL,
  read_sent INTEGER NOT NULL,
  shown INTEGER NOT NULL,
  delivered INTEGER NOT NULL,
  cleared INTEGER NOT NULL,
  mark INTEGER NOT NULL,
  has_draft INTEGER NOT NULL,
  draft_revision INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  activity INTEGER NOT NULL,
  large INTEGER NOT NULL,
  ended INTEGER,
  ended_name TEXT,
  periods TEXT NOT NULL,
  open_from INTEGER,
  stamp INTEGER NOT NULL,
  PRIMARY KEY (conversation, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_open ON member (conversation, user) WHERE open_from IS NOT NULL;
CREATE INDEX member_large ON member (user, conversation) WHERE large = 1 AND open_from IS NOT NULL;

CREATE TABLE draft (
  conversation INTEGER NOT NULL,
  user INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (conversation, user)
) STRICT, WITHOUT ROWID;

CREATE TABLE list_order (
  user INTEGER NOT NULL,
  by INTEGER NOT NULL,
  value INTEGER NOT NULL,
  conversation INTEGER NOT NULL,
  PRIMARY KEY (user, by, value, conversation)
) STRICT, WITHOUT ROWID;

CREATE TABLE command_key (
  user INTEGER NOT NULL,
  id BLOB NOT NULL,
  hash TEXT NOT NULL,
  at INTEGER NOT NULL,
  result TEXT NOT NULL,
  PRIMARY KEY (user, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX command_key_at ON command_key (at);

CREATE TABLE account (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  folded_name TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  folded_display_name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  password_hash TEXT NOT NULL
) STRICT;

CREATE TABLE credential (
  id TEXT PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  account INTEGER NOT NULL REFERENCES account (id),
  label TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX credential_account ON credential (account);
`;

/**
 * Schema step: marks of messages, threads, hidden messages, mentions.
 *
 * - `message.extra` is the JSON of the marks (`MessageMarks`, without the thread), NULL for most: they are read and
 *   written only with their message, so they are on its page. `replies` is separate, because entries read it alone.
 * - The indexes of threads and pins contain only messages in threads and pinned messages, so that other messages cost
 *   nothing.
 * - `mention.user` is 0 for everyone; `root` is 0 outside threads, also in `hidden`.
 */
const MESSAGE_MARKS = `
ALTER TABLE conversation ADD COLUMN pins INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversation ADD COLUMN pins_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE member ADD COLUMN shown_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE member ADD COLUMN delivered_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE member ADD COLUMN hidden_at INTEGER NOT NULL DEFAULT 0;
UPDATE member SET shown_at = read_at WHERE shown > 0;

ALTER TABLE message ADD COLUMN extra TEXT;
ALTER TABLE message ADD COLUMN root INTEGER;
ALTER TABLE message ADD COLUMN thread_ordinal INTEGER;
ALTER TABLE message ADD COLUMN thread_sent INTEGER;
ALTER TABLE message ADD COLUMN replies INTEGER;
ALTER TABLE message ADD COLUMN pinned INTEGER;
CREATE INDEX message_thread ON message (conversation, root, sequence) WHERE root IS NOT NULL;
CREATE INDEX message_thread_sender ON message (conversation, root, sender, sequence) WHERE root IS NOT NULL;
CREATE INDEX message_pinned ON message (conversation, sequence) WHERE pinned = 1;

CREATE TABLE version (
  conversation INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  modification INTEGER NOT NULL,
  body TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (conversation, sequence, modification)
) STRICT, WITHOUT ROWID;

CREATE TABLE mention (
  conversation INTEGER NOT NULL,
  user INTEGER NOT NULL,
  root INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  sender INTEGER NOT NULL,
  PRIMARY KEY (conversation, user, root, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX mention_message ON mention (conversation, sequence);

CREATE TABLE hidden (
  conversation INTEGER NOT NULL,
  user INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  at INTEGER NOT NULL,
  root INTEGER NOT NULL,
  counts INTEGER NOT NULL,
  PRIMARY KEY (conversation, user, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX hidden_at ON hidden (conversation, user, at, sequence);

CREATE TABLE follow (
  conversation INTEGER NOT NULL,
  user INTEGER NOT NULL,
  root INTEGER NOT NULL,
  sent INTEGER NOT NULL,
  read INTEGER NOT NULL,
  read_ordinal INTEGER NOT NULL,
  read_sent INTEGER NOT NULL,
  PRIMARY KEY (conversation, user, root)
) STRICT, WITHOUT ROWID;
`;

/**
 * Schema step: files and the messages that use them.
 *
 * - `file.ref` is the JSON of a `FileRef`, NULL until the upload is complete. `uses` is the number of the file's rows
 *   in `file_use`, so that a partial index of the files with 0 uses finds the unused ones.
 * - `file_owner` has the total of each owner, because each upload checks the quota.
 */
const FILES = `
CREATE TABLE file (
  id BLOB PRIMARY KEY,
  owner INTEGER NOT NULL,
  size INTEGER NOT NULL,
  ref TEXT,
  wanted_at INTEGER NOT NULL,
  uses INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX file_unused ON file (wanted_at) WHERE uses = 0;

CREATE TABLE file_use (
  file BLOB NOT NULL,
  conversation INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  PRIMARY KEY (file, conversation, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE file_owner (
  owner INTEGER PRIMARY KEY,
  bytes INTEGER NOT NULL
) STRICT;
`;

/**
 * Schema step: an index of accounts by the address of their picture, which is looked up for each picture that a guest
 * reads.
 */
const AVATARS_STEP = `
CREATE INDEX account_avatar ON account (avatar) WHERE avatar <> '';
`;

/**
 * Schema step: `member.notify` is the chosen notification rule: 0 all, 1 mentions, 2 none; NULL for the default of the
 * conversation's kind.
 */
const NOTIFICATION_RULES_STEP = `
ALTER TABLE member ADD COLUMN notify INTEGER;
`;

/** All steps of the schema, in order. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, apply: (database) => database.exec(VERSION_1) },
  { version: 2, apply: (database) => database.exec(MESSAGE_MARKS) },
  { version: 3, apply: (database) => database.exec(ACCOUNTS_SCHEMA) },
  { version: 4, apply: (database) => database.exec(FILES) },
  { version: 5, apply: (database) => database.exec(CONVERSATIONS_STEP) },
  { version: 6, apply: (database) => database.exec(SEARCH_SCHEMA) },
  { version: 7, apply: (database) => database.exec(SENDS_STEP) },
  { version: 8, apply: (database) => database.exec(PICTURES_STEP) },
  { version: 9, apply: (database) => database.exec(CHECKSUMS_STEP) },
  { version: 10, apply: (database) => database.exec(AVATARS_STEP + ACCOUNT_STATES_STEP) },
  { version: 11, apply: (database) => database.exec(NOTIFICATION_RULES_STEP + RECALLED_STEP) },
  { version: 12, apply: (database) => database.exec(CONFIRMED_ADDRESSES_STEP) },
];
