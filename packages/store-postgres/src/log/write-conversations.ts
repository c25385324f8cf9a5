import type { Conversation } from '@everywire/chat';
import { arraysOf, type Column, columnNames, settingsOf, unnestOf } from './columns.js';
import { COUNTER_COLUMNS, IMMUTABLE_COLUMNS, PROFILE_COLUMNS } from './conversation-row.js';
import { RELEASE_FILES, USE_FILES } from './file-uses.js';
import type { Ask, Written } from './written.js';

const ALL_COLUMNS: readonly Column<Conversation>[] = [...COUNTER_COLUMNS, ...PROFILE_COLUMNS, ...IMMUTABLE_COLUMNS];

const CREATE_CONVERSATIONS: string = `INSERT INTO conversation (${columnNames(ALL_COLUMNS)}, stamp)
  SELECT ${columnNames(ALL_COLUMNS)}, pg_current_xact_id() FROM ${unnestOf(ALL_COLUMNS, 'u')}`;

/** Writes the counters and the stamp, the id of this transaction, by which a list finds what changed (CH-14). */
const UPDATE_COUNTERS: string = `UPDATE conversation c SET ${settingsOf(COUNTER_COLUMNS, 'u', ['id'])}, stamp = pg_current_xact_id()
  FROM ${unnestOf(COUNTER_COLUMNS, 'u')} WHERE c.id = u.id`;

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
  const updated = after.filter(({ before }) => before !== null);
  const reconfigured = updated.filter(({ before, conversation: c }) => {
    const same = before?.name === c.name && before.settings === c.settings && before.picture === c.picture;
    return !same || before.deleted !== c.deleted;
  });
  ask(CREATE_CONVERSATIONS, arraysOf(ALL_COLUMNS, created));
  ask(
    UPDATE_COUNTERS,
    arraysOf(
      COUNTER_COLUMNS,
      updated.map(({ conversation }) => conversation),
    ),
  );
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
