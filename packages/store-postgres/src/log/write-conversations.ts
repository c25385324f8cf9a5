import type { Conversation } from '@everywire/chat';
import { arraysOf, type Column, columnNames, settingsOf, unnestOf } from './columns.js';
import { COUNTER_COLUMNS, IMMUTABLE_COLUMNS, PROFILE_COLUMNS } from './conversation-row.js';
import { RELEASE_FILES, USE_FILES } from './file-uses.js';
import type { Ask, Written } from './written.js';

const ALL_COLUMNS: readonly Column<Conversation>[] = [...COUNTER_COLUMNS, ...PROFILE_COLUMNS, ...IMMUTABLE_COLUMNS];

const CREATE_CONVERSATIONS: string = `INSERT INTO conversation (${columnNames(ALL_COLUMNS)}, stamp)
  SELECT ${columnNames(ALL_COLUMNS)}, pg_current_xact_id() FROM ${unnestOf(ALL_COLUMNS, 'u')}`;

/** A conversation as it was read and as it is written. */
interface Update {
  readonly before: Conversation;
  readonly conversation: Conversation;
}

const UPDATE_COLUMNS: readonly Column<Update>[] = [
  ...COUNTER_COLUMNS.map(({ of, ...column }) => ({ ...column, of: ({ conversation }: Update) => of(conversation) })),
  { name: 'sequence_read', type: 'int8', of: ({ before }) => before.sequence },
  { name: 'modification_read', type: 'int8', of: ({ before }) => before.modification },
];

/**
 * Writes the counters and the stamp, the id of this transaction, by which a list finds what changed (CH-14). Fails, and
 * so undoes the transaction, when a row is not the one that was read: the row lock prevents this, but a head that went
 * back would hide acknowledged messages for good. A cast is the one way to raise an error without a function.
 */
const UPDATE_COUNTERS: string = `WITH written AS (
    UPDATE conversation c SET ${settingsOf(COUNTER_COLUMNS, 'u', ['id'])}, stamp = pg_current_xact_id()
    FROM ${unnestOf(UPDATE_COLUMNS, 'u')} WHERE c.id = u.id AND c.sequence = u.sequence_read AND c.modification = u.modification_read
    RETURNING c.id
  )
  SELECT CASE WHEN count(*) < cardinality($1) THEN ('conversations that changed since they were read: ' || cardinality($1) - count(*))::int8 END
  FROM written`;

const ID_AND_PROFILE: readonly Column<Conversation>[] = [
  { name: 'id', type: 'int8', of: ({ id }) => id },
  ...PROFILE_COLUMNS,
];

const UPDATE_PROFILES: string = `UPDATE conversation c SET ${settingsOf(PROFILE_COLUMNS, 'u', [])}
  FROM ${unnestOf(ID_AND_PROFILE, 'u')} WHERE c.id = u.id`;

/** Adds the statements that insert and update the conversations of a group, and the uses of their picture files. */
export function writeConversations(group: readonly Written[], ask: Ask): void {
  const after = group.flatMap(({ before, changes: { conversation } }) =>
    conversation === null ? [] : [{ before, conversation }],
  );
  const created = after.filter(({ before }) => before === null).map(({ conversation }) => conversation);
  const updated = after.flatMap(({ before, conversation }) => (before === null ? [] : [{ before, conversation }]));
  const reconfigured = updated.filter(({ before, conversation: c }) => {
    const same = before.name === c.name && before.settings === c.settings && before.picture === c.picture;
    return !same || before.deleted !== c.deleted;
  });
  ask(CREATE_CONVERSATIONS, arraysOf(ALL_COLUMNS, created));
  ask(UPDATE_COUNTERS, arraysOf(UPDATE_COLUMNS, updated));
  ask(
    UPDATE_PROFILES,
    arraysOf(
      ID_AND_PROFILE,
      reconfigured.map(({ conversation }) => conversation),
    ),
  );
  // Sequence 0 in `file_use` stands for the picture of the conversation.
  const pictured = after.filter(({ before, conversation }) => (before?.picture ?? null) !== conversation.picture);
  ask(RELEASE_FILES, [pictured.map(({ conversation }) => conversation.id), pictured.map(() => 0)]);
  const used = pictured.filter(({ conversation }) => conversation.picture !== null);
  const files = used.map(({ conversation }) => Buffer.from(conversation.picture ?? '', 'hex'));
  ask(USE_FILES, [files, used.map(({ conversation }) => conversation.id), used.map(() => 0)]);
}
