/**
 * The tables of the log (the messages of all conversations, in order) and of the data derived from it. `model.ts` and
 * `message.ts` of the chat package define the meaning of a row; this comment only describes the layout.
 *
 * - `stamp` is the id of the transaction that last wrote the row for the list of conversations: a client's cursor is a
 *   stamp, and the list sends the rows with later ones. A cursor is the oldest running transaction of any database of
 *   the server, so only Everywire may write to this server (CH-14).
 * - `inbox` has the columns that each message writes for every open (current) member: the stamp (CH-13) and the
 *   activity, the time of the newest message. Neither column is indexed, so that PostgreSQL can write the new version
 *   of a row to the same page (a HOT update). With an index, a message to 200 people would cost three times as much.
 *   The price is that a list reads all rows of its user. Each row of `member` has one row in `inbox`.
 * - `conversation.flags` has the bits of a group's settings and of a deletion (`conversation-row.ts`).
 * - `conversation.listed` is the case-folded name of a conversation that anyone may join, otherwise NULL. Its index is
 *   the directory, in which users find such conversations.
 * - Texts are stored as `bytea` in UTF-8, because the type `text` rejects the character U+0000.
 * - `member.open_from` is the start of the open period (the current membership) and NULL for a former member. `periods`
 *   has all periods of the member.
 * - `message.of_two` is true in a conversation of two. There, the number of one user's messages is the difference of
 *   the number of all and of the other user's messages, so these rows need no index by sender.
 * - `hidden.counts` is true for another user's text, which would count as unread if it were not hidden.
 * - `mention.usr` is 0 for a mention of everyone; `root` is 0 outside of threads, also in `hidden`.
 * - `command_key` has the results of commands by user and command id, so that a repeated command has no second effect.
 * - `store.place` identifies the server and database in which the data was last opened (`data-place.ts`); it is NULL
 *   before the first opening. `limits` are the limits of the running nodes, as JSON.
 * - Tables with frequent updates have a lower fill factor, so that the next version of a row fits on the same page.
 */
export const LOG_SCHEMA = `
CREATE TABLE store (
  only_row bool PRIMARY KEY DEFAULT true CHECK (only_row),
  epoch text NOT NULL,
  place text,
  limits text
);
INSERT INTO store (epoch) VALUES (substr(replace(gen_random_uuid()::text, '-', ''), 1, 16));

CREATE SEQUENCE conversation_id AS int8;

CREATE TABLE conversation (
  id int8 PRIMARY KEY,
  kind int2 NOT NULL,
  sequence int8 NOT NULL,
  modification int8 NOT NULL,
  count int8 NOT NULL,
  members_at int8 NOT NULL,
  member_count int8 NOT NULL,
  name bytea NOT NULL,
  activity int8 NOT NULL,
  large bool NOT NULL,
  direct_smaller int8,
  direct_larger int8,
  pins int8 NOT NULL,
  pins_at int8 NOT NULL,
  flags int2 NOT NULL,
  picture bytea,
  listed bytea,
  stamp xid8 NOT NULL
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX conversation_direct ON conversation (direct_smaller, direct_larger) WHERE direct_smaller IS NOT NULL;
CREATE INDEX conversation_unerased ON conversation (id) WHERE flags & 48 = 16;
CREATE INDEX conversation_listed ON conversation (listed, id) WHERE listed IS NOT NULL;

CREATE TABLE message (
  conversation int8 NOT NULL,
  sequence int8 NOT NULL,
  id bytea NOT NULL,
  sender int8 NOT NULL,
  command bytea NOT NULL,
  kind int2 NOT NULL,
  body bytea NOT NULL,
  sent_at int8 NOT NULL,
  modification int8 NOT NULL,
  ordinal int8 NOT NULL,
  sender_ordinal int8 NOT NULL,
  extra bytea,
  root int8,
  thread_ordinal int8,
  thread_sent int8,
  replies int8,
  pinned bool,
  of_two bool NOT NULL,
  PRIMARY KEY (conversation, sequence)
);
CREATE INDEX message_modification ON message (conversation, modification) WHERE modification > 0;
CREATE INDEX message_sender ON message (conversation, sender, sequence) WHERE NOT of_two;
CREATE INDEX message_thread ON message (conversation, root, sequence) WHERE root IS NOT NULL;
CREATE INDEX message_thread_sender ON message (conversation, root, sender, sequence) WHERE root IS NOT NULL;
CREATE INDEX message_pinned ON message (conversation, sequence) WHERE pinned;
CREATE INDEX message_recalled ON message (conversation, sequence) WHERE kind = 2;

CREATE TABLE member (
  conversation int8 NOT NULL,
  usr int8 NOT NULL,
  role int2 NOT NULL,
  sent int8 NOT NULL,
  read int8 NOT NULL,
  read_at int8 NOT NULL,
  read_ordinal int8 NOT NULL,
  read_sent int8 NOT NULL,
  shown int8 NOT NULL,
  shown_at int8 NOT NULL,
  delivered int8 NOT NULL,
  delivered_at int8 NOT NULL,
  cleared int8 NOT NULL,
  hidden_at int8 NOT NULL,
  mark bool NOT NULL,
  draft bytea,
  draft_revision int8 NOT NULL,
  revision int8 NOT NULL,
  place int2 NOT NULL,
  mute int8 NOT NULL,
  notify int2,
  dismissed int8,
  ended int2,
  ended_name bytea,
  periods text NOT NULL,
  open_from int8,
  PRIMARY KEY (conversation, usr)
) WITH (fillfactor = 70);
CREATE INDEX member_open ON member (conversation, usr) WHERE open_from IS NOT NULL;
CREATE INDEX member_role ON member (conversation, role, open_from, usr) WHERE open_from IS NOT NULL;

CREATE TABLE inbox (
  conversation int8 NOT NULL,
  usr int8 NOT NULL,
  stamp xid8 NOT NULL,
  activity int8 NOT NULL,
  is_open bool NOT NULL,
  large bool NOT NULL,
  PRIMARY KEY (conversation, usr)
) WITH (fillfactor = 50);
CREATE INDEX inbox_usr ON inbox (usr);
CREATE INDEX inbox_large ON inbox (usr, conversation) WHERE large AND is_open;

CREATE TABLE command_key (
  usr int8 NOT NULL,
  id bytea NOT NULL,
  hash text NOT NULL,
  at int8 NOT NULL,
  result bytea NOT NULL,
  PRIMARY KEY (usr, id)
);
CREATE INDEX command_key_at ON command_key (at);

CREATE TABLE version (
  conversation int8 NOT NULL,
  sequence int8 NOT NULL,
  modification int8 NOT NULL,
  body bytea NOT NULL,
  at int8 NOT NULL,
  PRIMARY KEY (conversation, sequence, modification)
);

CREATE TABLE mention (
  conversation int8 NOT NULL,
  usr int8 NOT NULL,
  root int8 NOT NULL,
  sequence int8 NOT NULL,
  sender int8 NOT NULL,
  PRIMARY KEY (conversation, usr, root, sequence)
);
CREATE INDEX mention_message ON mention (conversation, sequence);

CREATE TABLE hidden (
  conversation int8 NOT NULL,
  usr int8 NOT NULL,
  sequence int8 NOT NULL,
  at int8 NOT NULL,
  root int8 NOT NULL,
  counts bool NOT NULL,
  PRIMARY KEY (conversation, usr, sequence)
);
CREATE INDEX hidden_at ON hidden (conversation, usr, at, sequence);

CREATE TABLE follow (
  conversation int8 NOT NULL,
  usr int8 NOT NULL,
  root int8 NOT NULL,
  sent int8 NOT NULL,
  read int8 NOT NULL,
  read_ordinal int8 NOT NULL,
  read_sent int8 NOT NULL,
  PRIMARY KEY (conversation, usr, root)
);

CREATE TABLE invite (
  conversation int8 NOT NULL,
  id bytea NOT NULL,
  hash bytea NOT NULL,
  creator int8 NOT NULL,
  created_at int8 NOT NULL,
  expires_at int8,
  uses_max int8,
  uses int8 NOT NULL,
  PRIMARY KEY (conversation, id)
);

CREATE TABLE person (usr int8 PRIMARY KEY, receipts bool NOT NULL);

CREATE TABLE block (
  usr int8 NOT NULL,
  blocked int8 NOT NULL,
  at int8 NOT NULL,
  PRIMARY KEY (usr, blocked)
);
CREATE INDEX block_blocked ON block (blocked);

CREATE TABLE file_use (
  file bytea NOT NULL,
  conversation int8 NOT NULL,
  sequence int8 NOT NULL,
  PRIMARY KEY (file, conversation, sequence)
);
CREATE INDEX file_use_conversation ON file_use (conversation, sequence);
`;
