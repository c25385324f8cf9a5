import { strict as assert } from 'node:assert';
import type { CommandKey, ConversationId } from '@everywire/chat';
import { arraysOf, bytesOf, type Column, columnNames, unnestOf } from './columns.js';
import type { SentStatement } from './lane-connection.js';
import { writeConversations } from './write-conversations.js';
import { writeMembers } from './write-members.js';
import { writeMessages } from './write-messages.js';
import { writeSearch } from './write-search.js';
import { writeSideTables } from './write-side-tables.js';
import { askInto, type Written } from './written.js';

/**
 * A command key that this commit stores: the id of a command with its result, by which a repetition of the command is
 * recognized (CH-18). `hash` is in its stored form (`CommandHash`).
 */
export interface NewKey extends CommandKey {
  readonly result: unknown;
  /** Whether an expired key of the same user and id exists, which must be deleted first. */
  readonly replacesOld: boolean;
}

const KEY_COLUMNS: readonly Column<NewKey>[] = [
  { name: 'usr', type: 'int8', of: ({ user }) => user },
  { name: 'id', type: 'bytea', of: ({ id }) => Buffer.from(id, 'hex') },
  { name: 'hash', type: 'text', of: ({ hash }) => hash },
  { name: 'at', type: 'int8', of: ({ at }) => at },
  { name: 'result', type: 'bytea', of: ({ result }) => bytesOf(JSON.stringify(result ?? null)) },
];

/**
 * Fails when another transaction has stored the same key; then the whole group is retried. Keys are inserted in order,
 * so that two transactions with the same keys cannot deadlock.
 */
const INSERT_KEYS: string = `INSERT INTO command_key (${columnNames(KEY_COLUMNS)}) SELECT * FROM ${unnestOf(KEY_COLUMNS, 'u')} ORDER BY usr, id`;

const DELETE_KEYS = `DELETE FROM command_key k USING unnest($1::int8[], $2::bytea[]) AS u(usr, id) WHERE k.usr = u.usr AND k.id = u.id`;

/** Returns the statements that write all changes of a group: for each table, one statement writes all rows. */
export function writesOf(
  all: readonly Written[],
  keys: readonly NewKey[],
  followsMax: number,
): readonly SentStatement[] {
  const statements: SentStatement[] = [];
  const ask = askInto(statements);
  const group = mergeWritten(all);
  for (const written of group) checkLog(written);
  writeConversations(group, ask);
  writeMembers(group, ask);
  writeMessages(group, ask);
  writeSearch(group, ask);
  writeSideTables(group, followsMax, ask);
  const expired = keys.filter(({ replacesOld }) => replacesOld);
  ask(DELETE_KEYS, [expired.map(({ user }) => user), expired.map(({ id }) => Buffer.from(id, 'hex'))]);
  ask(INSERT_KEYS, arraysOf(KEY_COLUMNS, keys));
  return statements;
}

/**
 * Merges the writes of one conversation, because one statement must not write the conversation's row twice. All changes
 * of a conversation except the last one are plain (they only append texts and update members), so of an earlier change
 * only `append`, `members` and the conversation must be kept. The last one may write no conversation (`arrange`).
 */
function mergeWritten(all: readonly Written[]): readonly Written[] {
  const merged = new Map<ConversationId | Written, Written>();
  for (const each of all) {
    const place = each.before?.id ?? each;
    const first = merged.get(place);
    merged.set(place, first === undefined ? each : mergeTwo(first, each));
  }
  return [...merged.values()];
}

function mergeTwo({ changes: first, ...written }: Written, { changes: then, messagesBefore }: Written): Written {
  const members = new Map([...first.members, ...then.members].map((member) => [member.user, member]));
  const append = [...first.append, ...then.append];
  const conversation = then.conversation ?? first.conversation;
  return { ...written, messagesBefore, changes: { ...then, conversation, append, members: [...members.values()] } };
}

/** Asserts that a change leaves no gap in the log of its conversation, because a gap could never be repaired (CH-5). */
function checkLog({ before, changes: { conversation, append, touch, privacy } }: Written): void {
  if (conversation === null) {
    assert(append.length + touch.length === 0, 'CH-5: messages without their conversation');
    assert(before !== null || privacy !== undefined, 'changes without a conversation');
    return;
  }
  const head = before?.sequence ?? 0;
  for (const [at, message] of append.entries())
    assert.equal(message.sequence, head + at + 1, 'CH-5: a gap in the sequence');
  assert.equal(conversation.sequence, head + append.length, 'CH-5: the head is not the last message');
  if (before === null) return;
  assert.equal(conversation.id, before.id, 'a change writes the conversation it locked');
  assert(append.length > 0 || conversation.modification > before.modification, 'CH-6: nothing was bumped');
  assert(conversation.large || !before.large, 'CH-13: large never falls');
}
