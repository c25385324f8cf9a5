import { strict as assert } from 'node:assert';
import type { CommandKey, ConversationId } from '@everywire/chat';
import { arraysOf, bytesOf, type Column, namesOf, unnestOf } from './columns.js';
import type { Asked } from './lane-connection.js';
import { writeBeside } from './write-beside.js';
import { writeConversations } from './write-conversations.js';
import { writeMembers } from './write-members.js';
import { writeMessages } from './write-messages.js';
import { writeSearch } from './write-search.js';
import { askInto, type Written } from './written.js';

/** A key that is kept with this commit; `hash` as the store keeps it. */
export interface NewKey extends CommandKey {
  readonly result: unknown;
  /** One of the same name is there, past its days. */
  readonly replacesOld: boolean;
}

const KEY_COLUMNS: readonly Column<NewKey>[] = [
  { name: 'usr', type: 'int8', of: ({ user }) => user },
  { name: 'id', type: 'bytea', of: ({ id }) => Buffer.from(id, 'hex') },
  { name: 'hash', type: 'text', of: ({ hash }) => hash },
  { name: 'at', type: 'int8', of: ({ at }) => at },
  { name: 'result', type: 'bytea', of: ({ result }) => bytesOf(JSON.stringify(result ?? null)) },
];

/** A key that another transaction has kept meanwhile fails it, and so the whole group, which then runs again. */
const KEEP_KEYS: string = `INSERT INTO command_key (${namesOf(KEY_COLUMNS)}) SELECT * FROM ${unnestOf(KEY_COLUMNS, 'u')} ORDER BY usr, id`;

const FORGET_KEYS = `DELETE FROM command_key k USING unnest($1::int8[], $2::bytea[]) AS u(usr, id) WHERE k.usr = u.usr AND k.id = u.id`;

/** Collects what all changes of a group write, so that each table is written by one statement. */
export function writesOf(all: readonly Written[], keys: readonly NewKey[], followsMax: number): readonly Asked[] {
  const asked: Asked[] = [];
  const ask = askInto(asked);
  for (const written of all) checkLog(written);
  const group = mergeWritten(all);
  writeConversations(group, ask);
  writeMembers(group, ask);
  writeMessages(group, ask);
  writeSearch(group, ask);
  writeBeside(group, followsMax, ask);
  const expired = keys.filter(({ replacesOld }) => replacesOld);
  ask(FORGET_KEYS, [expired.map(({ user }) => user), expired.map(({ id }) => Buffer.from(id, 'hex'))]);
  ask(KEEP_KEYS, arraysOf(KEY_COLUMNS, keys));
  return asked;
}

/** Those of one conversation as one, or its row would be written twice by one statement. All of them are plain but the last. */
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

/** A gap in a log could never be repaired, so it is refused here whatever decided it (CH-5). Throws an assertion. */
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
