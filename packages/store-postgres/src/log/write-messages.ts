import type { Message, UserId } from '@everywire/chat';
import { arraysOf, type Column, columnNames, settingsOf, unnestOf } from './columns.js';
import { RELEASE_FILES, USE_FILES } from './file-uses.js';
import { IMMUTABLE_COLUMNS, TOUCHED_COLUMNS } from './message-columns.js';
import type { Ask, Written } from './written.js';

/** A row of `mention`: a message mentions a user, or everyone (user 0). `root` is the root of its thread, or 0. */
interface Mention extends Pick<Message, 'conversation' | 'sequence' | 'sender'> {
  readonly user: UserId;
  readonly root: number;
}

const MENTION_COLUMNS: readonly Column<Mention>[] = [
  { name: 'conversation', type: 'int8', of: (m) => m.conversation },
  { name: 'usr', type: 'int8', of: (m) => m.user },
  { name: 'root', type: 'int8', of: (m) => m.root },
  { name: 'sequence', type: 'int8', of: (m) => m.sequence },
  { name: 'sender', type: 'int8', of: (m) => m.sender },
];

/** A new message. `ofTwo`: its conversation has a direct key, so its row is in no index by sender. */
interface Appended {
  readonly message: Message;
  readonly ofTwo: boolean;
}

const APPENDED_COLUMNS: readonly Column<Appended>[] = [
  ...[...TOUCHED_COLUMNS, ...IMMUTABLE_COLUMNS].map(({ of, ...column }) => ({
    ...column,
    of: ({ message }: Appended) => of(message),
  })),
  { name: 'of_two', type: 'bool', of: ({ ofTwo }) => ofTwo },
];

const APPEND: string = `INSERT INTO message (${columnNames(APPENDED_COLUMNS)}) SELECT * FROM ${unnestOf(APPENDED_COLUMNS, 'u')}`;

/** Updates existing messages: after an edit, a recall, a reaction, a pin or a reply. */
const TOUCH: string = `UPDATE message m SET ${settingsOf(TOUCHED_COLUMNS, 'u', ['conversation', 'sequence'])}
  FROM ${unnestOf(TOUCHED_COLUMNS, 'u')} WHERE m.conversation = u.conversation AND m.sequence = u.sequence`;

const DELETE_MENTIONS = `DELETE FROM mention m USING unnest($1::int8[], $2::int8[]) AS u(conversation, sequence)
  WHERE m.conversation = u.conversation AND m.sequence = u.sequence`;

const DELETE_VERSIONS = `DELETE FROM version v USING unnest($1::int8[], $2::int8[]) AS u(conversation, sequence)
  WHERE v.conversation = u.conversation AND v.sequence = u.sequence`;

const INSERT_MENTIONS: string = `INSERT INTO mention (${columnNames(MENTION_COLUMNS)}) SELECT * FROM ${unnestOf(MENTION_COLUMNS, 'u')}`;

/** Adds the statements that insert and update the messages of a group, with their mentions and uses of files. */
export function writeMessages(group: readonly Written[], ask: Ask): void {
  const appended = group.flatMap(({ before, changes }) => {
    const ofTwo = (changes.conversation ?? before)?.directKey !== null;
    return changes.append.map((message) => ({ message, ofTwo }));
  });
  const touched = group.flatMap(({ changes }) => changes.touch);
  const recalled = touched.filter(({ body }) => body.kind === 'recalled');
  const placesOf = (messages: readonly Message[]): unknown[][] => [
    messages.map(({ conversation }) => conversation),
    messages.map(({ sequence }) => sequence),
  ];
  ask(APPEND, arraysOf(APPENDED_COLUMNS, appended));
  ask(TOUCH, arraysOf(TOUCHED_COLUMNS, touched));
  ask(DELETE_MENTIONS, placesOf(touched));
  ask(RELEASE_FILES, placesOf(recalled));
  ask(DELETE_VERSIONS, placesOf(recalled));
  const added = appended.map(({ message }) => message);
  ask(INSERT_MENTIONS, arraysOf(MENTION_COLUMNS, [...added, ...touched].flatMap(mentionsOf)));
  const uses = added.flatMap((message) => filesOf(message).map((file) => ({ file, message })));
  ask(USE_FILES, [uses.map(({ file }) => Buffer.from(file, 'hex')), ...placesOf(uses.map(({ message }) => message))]);
}

/** The user of a mention of everyone. */
const EVERYONE = 0;

function mentionsOf({ conversation, sequence, sender, mentions, thread }: Message): Mention[] {
  const users = [...(mentions?.users ?? []), ...(mentions?.all ? [EVERYONE] : [])];
  return users.map((user) => ({ conversation, sequence, sender, user, root: thread?.root ?? 0 }));
}

function filesOf({ body }: Message): readonly string[] {
  return body.kind === 'text' ? [...new Set((body.files ?? []).map(({ id }) => id))] : [];
}
