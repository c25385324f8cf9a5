import type { Changes, Conversation, ConversationId, Follow, Invite, Member, Message, UserId } from '@everywire/chat';
import { isOpen } from '@everywire/chat/internal';
import { writePrivacy } from './memory-privacy.js';
import type { MemoryConversation, MemoryTables, StampedMember } from './memory-tables.js';

/** Writes the changes and stamps what the list must show of them (CH-13), in one step. */
export function writeChanges(
  tables: MemoryTables,
  before: MemoryConversation | null,
  changes: Changes,
  { stamp, followsMax }: { readonly stamp: number; readonly followsMax: number },
): void {
  writePrivacy(tables, changes.privacy);
  const conversation = changes.conversation ?? before?.conversation;
  if (conversation === undefined) {
    if (changes.privacy === undefined) throw new Error('a change of no conversation');
    return;
  }
  checkLog(before, changes);
  const members = new Map(before?.members);
  for (const member of changes.members) members.set(member.user, { member, stamp });
  const crossed = conversation.large && before?.conversation.large === false;
  if (changes.conversation !== null && (!conversation.large || crossed)) stampOpen(members, conversation, stamp);
  const table = {
    conversation,
    stamp: conversation.large && changes.conversation !== null ? stamp : (before?.stamp ?? 0),
    messages: writeLog(before?.messages ?? [], changes),
    members,
    ...writeSideTables(before, changes, followsMax),
  };
  tables.conversations.set(conversation.id, keptOf(table));
  if (conversation.directKey !== null) tables.directKeys.set(conversation.directKey.join(':'), conversation.id);
  for (const member of changes.members) indexUser(tables, member.user, conversation.id);
}

/** Removes the messages of a deleted conversation (CH-36). */
function keptOf(table: MemoryConversation): MemoryConversation {
  if (!table.conversation.deleted) return table;
  const members = new Map(
    [...table.members].map(([user, row]) => {
      const { member } = row;
      return [user, isOpen(member) ? { ...row, member: { ...member, draft: { ...member.draft, text: '' } } } : row];
    }),
  );
  return { ...table, members, messages: [], versions: new Map(), hidden: new Map(), follows: new Map() };
}

function writeLog(held: readonly Message[], { touch, append }: Changes): readonly Message[] {
  const messages = [...held];
  for (const message of touch) messages[message.sequence - 1] = message;
  messages.push(...append);
  return messages;
}

function writeInvites(held: readonly Invite[], changed: Changes['invites']): readonly Invite[] {
  if (changed === undefined) return held;
  const gone = new Set([...changed.drop, ...changed.put.map(({ id }) => id)]);
  return [...held.filter(({ id }) => !gone.has(id)), ...changed.put].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Writes message versions, hidden messages and follows. */
function writeSideTables(
  before: MemoryConversation | null,
  changes: Changes,
  followsMax: number,
): Pick<MemoryConversation, 'versions' | 'hidden' | 'follows' | 'invites'> {
  const versions = new Map(before?.versions);
  for (const message of changes.touch) if (message.body.kind === 'recalled') versions.delete(message.sequence);
  for (const version of changes.versions)
    versions.set(version.sequence, [...(versions.get(version.sequence) ?? []), version]);
  const hidden = new Map(before?.hidden);
  for (const row of changes.hidden) {
    const known = hidden.get(row.user) ?? [];
    if (!known.some(({ sequence }) => sequence === row.sequence)) hidden.set(row.user, [...known, row]);
  }
  const follows = new Map(before?.follows);
  for (const user of changes.unfollow) follows.delete(user);
  for (const follow of changes.follows) {
    const known = new Map(follows.get(follow.user)).set(follow.root, follow);
    if (known.size > followsMax) known.delete(Math.min(...known.keys()));
    follows.set(follow.user, known);
  }
  return { versions, hidden, follows, invites: writeInvites(before?.invites ?? [], changes.invites) };
}

function stampOpen(members: Map<UserId, StampedMember>, { activity, large }: Conversation, stamp: number): void {
  for (const [user, { member }] of members) {
    if (isOpen(member)) members.set(user, { member: { ...member, activity, large }, stamp });
  }
}

/** Writes changed members and a follow without changing the conversation itself. `stamp` numbers the commit. */
export function writeMembers(
  tables: MemoryTables,
  conversation: ConversationId,
  { members: rows, follow }: { readonly members: readonly Member[]; readonly follow?: Follow },
  stamp: number,
): void {
  const table = tables.conversations.get(conversation);
  if (table === undefined) throw new Error('a member of no conversation');
  const members = new Map(table.members);
  for (const member of rows) members.set(member.user, { member, stamp });
  const follows = new Map(table.follows);
  if (follow !== undefined) follows.set(follow.user, new Map(follows.get(follow.user)).set(follow.root, follow));
  tables.conversations.set(conversation, { ...table, members, follows });
}

function indexUser(tables: MemoryTables, user: UserId, conversation: ConversationId): void {
  const ids = tables.conversationsOf.get(user) ?? new Set();
  ids.add(conversation);
  tables.conversationsOf.set(user, ids);
}

/** Asserts that the changes leave no gap in the log, because a gap could never be repaired (CH-5). */
function checkLog(before: MemoryConversation | null, { conversation, append, touch }: Changes): void {
  const head = before?.conversation.sequence ?? 0;
  const modification = before?.conversation.modification ?? 0;
  if (append.some((message, index) => message.sequence !== head + index + 1)) throw new Error('a gap in the sequence');
  if (conversation === null) {
    if (append.length + touch.length > 0) throw new Error('messages without their conversation');
    return;
  }
  if (conversation.sequence !== head + append.length) throw new Error('a head that is not the last message');
  if (append.length === 0 && conversation.modification <= modification) throw new Error('a head that did not rise');
  if (
    touch.some((message) => message.modification <= modification || message.modification > conversation.modification)
  ) {
    throw new Error('a touched message with a modification of another commit');
  }
}
