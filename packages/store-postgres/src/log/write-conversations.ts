import type { Conversation } from '@everywire/chat';
import { arraysOf, type Column, columnNames, settingsOf, unnestOf } from './columns.js';
import { BORN_COLUMNS, HEAD_COLUMNS, SHOWN_COLUMNS } from './conversation-row.js';
import { RELEASE_FILES, USE_FILES } from './file-uses.js';
import type { Ask, Written } from './written.js';

const CONVERSATION_BORN: readonly Column<Conversation>[] = [...HEAD_COLUMNS, ...SHOWN_COLUMNS, ...BORN_COLUMNS];

const CREATE_CONVERSATIONS: string = `INSERT INTO conversation (${columnNames(CONVERSATION_BORN)}, stamp)
  SELECT ${columnNames(CONVERSATION_BORN)}, pg_current_xact_id() FROM ${unnestOf(CONVERSATION_BORN, 'u')}`;

const MOVE_HEADS: string = `UPDATE conversation c SET ${settingsOf(HEAD_COLUMNS, 'u', ['id'])}, stamp = pg_current_xact_id()
  FROM ${unnestOf(HEAD_COLUMNS, 'u')} WHERE c.id = u.id`;

const ID_AND_SHOWN: readonly Column<Conversation>[] = [
  { name: 'id', type: 'int8', of: ({ id }) => id },
  ...SHOWN_COLUMNS,
];

const SHOW_CONVERSATIONS: string = `UPDATE conversation c SET ${settingsOf(SHOWN_COLUMNS, 'u', [])}
  FROM ${unnestOf(ID_AND_SHOWN, 'u')} WHERE c.id = u.id`;

/** Inserts and updates the conversations of a group. */
export function writeConversations(group: readonly Written[], ask: Ask): void {
  const after = group.flatMap(({ before, changes: { conversation } }) =>
    conversation === null ? [] : [{ before, conversation }],
  );
  const born = after.filter(({ before }) => before === null).map(({ conversation }) => conversation);
  const moved = after.filter(({ before }) => before !== null);
  const shown = moved.filter(({ before, conversation: c }) => {
    const same = before?.name === c.name && before.settings === c.settings && before.picture === c.picture;
    return !same || before.deleted !== c.deleted;
  });
  ask(CREATE_CONVERSATIONS, arraysOf(CONVERSATION_BORN, born));
  ask(
    MOVE_HEADS,
    arraysOf(
      HEAD_COLUMNS,
      moved.map(({ conversation }) => conversation),
    ),
  );
  ask(
    SHOW_CONVERSATIONS,
    arraysOf(
      ID_AND_SHOWN,
      shown.map(({ conversation }) => conversation),
    ),
  );
  const pictured = after.filter(({ before, conversation }) => (before?.picture ?? null) !== conversation.picture);
  ask(RELEASE_FILES, [pictured.map(({ conversation }) => conversation.id), pictured.map(() => 0)]);
  const used = pictured.filter(({ conversation }) => conversation.picture !== null);
  const files = used.map(({ conversation }) => Buffer.from(conversation.picture ?? '', 'hex'));
  ask(USE_FILES, [files, used.map(({ conversation }) => conversation.id), used.map(() => 0)]);
}
