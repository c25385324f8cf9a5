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

/** A command key that is stored with this commit; `hash` in its stored form. */
export interface NewKey extends CommandKey {
  readonly result: unknown;
  /** Whether an expired key of the same name exists. */
  readonly replacesOld: boolean;
}

const KEY_COLUMNS: readonly Column<NewKey>[] = [
  { name: 'usr', type: 'int8', of: ({ user }) => user },
  { name: 'id', type: 'bytea', of: ({ id }) => Buffer.from(id, 'hex') },
  { name: 'hash', type: 'text', of: ({ hash }) => hash },
  { name: 'at', type: 'int8', of: ({ at }) => at },
  { name: 'result', type: 'bytea', of: ({ result }) => bytesOf(JSON.stringify(result ?? null)) },
];

/** Fails when another transaction has stored the same key; then the whole group is retried. */
const KEEP_KEYS: string = `INSERT INTO command_key (${columnNames(KEY_COLUMNS)}) SELECT * FROM ${unnestOf(KEY_COLUMNS, 'u')} ORDER BY usr, id`;

const FORGET_KEYS = `DELETE FROM command_key k USING unnest($1::int8[], $2::bytea[]) AS u(usr, id) WHERE k.usr = u.usr AND k.id = u.id`;

/** Collects the writes of all changes of a group, so that one statement writes each table. */
export function writesOf(
  all: readonly Written[],
  keys: readonly NewKey[],
  followsMax: number,
): readonly SentStatement[] {
  const asked: SentStatement[] = [];
  const ask = askInto(asked);
  for (const written of all) checkLog(written);
  const group = mergeWritten(all);
  writeConversations(group, ask);
  writeMembers(group, ask);
  writeMessages(group, ask);
  writeSearch(group, ask);
  writeSideTables(group, followsMax, ask);
  const expired = keys.filter(({ replacesOld }) => replacesOld);
  ask(FORGET_KEYS, [expired.map(({ user }) => user), expired.map(({ id }) => Buffer.from(id, 'hex'))]);
  ask(KEEP_KEYS, arraysOf(KEY_COLUMNS, keys));
  return asked;
}

/**
 * Merges the writes of one conversation, so that one statement does not write its row twice. All of them except the
 * last are plain.
 */
function mergeWritten(all: readonly Written[]): readonly Written[] {
  const merged = new Map<ConversationId | Written, Written>();
  for (const each of all) {
    const place = each.before?.id ?? each;
    const first = merged.get(place);
    merged.set(place, first === undefined ? each : followedBy(first, each));
  }
  return [...merged.values()];
}

function followedBy({ changes: first, ...written }: Written, { changes: then, messagesBefore }: Written): Written {
  const members = new Map([...first.members, ...then.members].map((member) => [member.user, member]));
  const append = [...first.append, ...then.append];
  return { ...written, messagesBefore, changes: { ...then, append, members: [...members.values()] } };
}

/** Asserts that the writes leave no gap in a log, because a gap could never be repaired (CH-5). */
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
