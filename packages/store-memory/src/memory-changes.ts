import type {
  ChangeRequest,
  Changes,
  ChangeTarget,
  Conversation,
  ConversationId,
  Follow,
  Invite,
  Member,
  MemberChangeRequest,
  MemberRows,
  Message,
  Needs,
  Position,
  Rows,
  UserId,
} from '@everywire/chat';
import { isMemberOf, isOpen, openPeriod } from '@everywire/chat/internal';
import { blocksBetween, choicesOf, writePrivacy } from './memory-privacy.js';
import type { ConversationTable, MemoryState, MemoryTables, StampedMember } from './memory-tables.js';
import { hiddenBy, loadThread, positionInThread } from './memory-threads.js';

/** Returns the conversation that a change names. Returns `null` if it does not exist yet. */
export function findTarget(tables: MemoryTables, target: ChangeTarget): ConversationTable | null {
  switch (target.by) {
    case 'id':
      return tables.conversations.get(target.conversation) ?? null;
    case 'direct': {
      const id = tables.directKeys.get(target.key.join(':'));
      return id === undefined ? null : (tables.conversations.get(id) ?? null);
    }
    case 'new':
      return null;
  }
}

/** Loads the rows that a change of a conversation reads. `isDeleted` returns whether a user's account is deleted. */
export function loadRows(
  state: MemoryState,
  { table, isDeleted }: { readonly table: ConversationTable | null; readonly isDeleted: (user: UserId) => boolean },
  { needs, key, target }: Pick<ChangeRequest<unknown, unknown>, 'needs' | 'key' | 'target'>,
): Rows {
  const { tables, epoch } = state;
  const { root, follows, threadSent } = loadThread(table, needs.thread, needs.members);
  const openRows = table === null || table.conversation.large ? [] : openMembers(table);
  const invites = needs.invites ? (table?.invites ?? []) : [];
  const named = [...needs.members, ...invites.map(({ creator }) => creator), ...(root === null ? [] : [root.sender])];
  const members = loadMembers(table, needs.openMembers ? openRows : [], named);
  return {
    epoch,
    conversation: table?.conversation ?? null,
    newConversation: tables.conversations.size + 1,
    members,
    open: table?.conversation.large ? null : openRows.map((member) => member.user),
    messages: loadMessages(table, root === null ? needs.messages : [...needs.messages, root.sequence]),
    heir: heirOf(table, needs, isDeleted),
    position: positionFor(table, key.user, needs.position),
    invites,
    blocks: blocksBetween(tables, key.user, target, table),
    blockCount: tables.people.get(key.user)?.blocked.size ?? 0,
    largeCounts: countLarge(tables, table, needs),
    hidden: new Set(
      table === null || needs.messages.length === 0
        ? []
        : [...hiddenBy(table, key.user)].filter((sequence) => needs.messages.includes(sequence)),
    ),
    follows,
    threadSent,
  };
}

function loadMembers(
  table: ConversationTable | null,
  open: readonly Member[],
  named: readonly UserId[],
): ReadonlyMap<UserId, Member> {
  const members = new Map<UserId, Member>(open.map((member) => [member.user, member]));
  for (const user of named) {
    const row = table?.members.get(user);
    if (row !== undefined) members.set(user, row.member);
  }
  return members;
}

function countLarge(tables: MemoryTables, table: ConversationTable | null, needs: Needs): ReadonlyMap<UserId, number> {
  const matters = needs.largeCounts && (table === null || table.conversation.large);
  return new Map(matters ? needs.members.map((user) => [user, largeOf(tables, user).length]) : []);
}

function heirOf(
  table: ConversationTable | null,
  { heirOf: owner, heirsAvoided = [] }: Pick<Needs, 'heirOf' | 'heirsAvoided'>,
  isDeleted: (user: UserId) => boolean,
): Member | null {
  if (table === null || owner === undefined) return null;
  const others = openMembers(table).filter(({ user }) => user !== owner && !isDeleted(user));
  const avoided = new Set(heirsAvoided);
  return longestMember(others.filter(({ user }) => !avoided.has(user))) ?? longestMember(others);
}

/** Returns the longest-standing member of the highest role. */
function longestMember(others: readonly Member[]): Member | null {
  const from = (member: Member): number => openPeriod(member)?.from ?? 0;
  for (const role of ['admin', 'member', 'reader'] as const) {
    const [longest] = others
      .filter((member) => member.role === role)
      .sort((a, b) => from(a) - from(b) || a.user - b.user);
    if (longest !== undefined) return longest;
  }
  return null;
}

function openMembers(table: ConversationTable): readonly Member[] {
  return [...table.members.values()]
    .map((row) => row.member)
    .filter(isOpen)
    .sort((a, b) => a.user - b.user);
}

function loadMessages(table: ConversationTable | null, sequences: readonly number[]): ReadonlyMap<number, Message> {
  const messages = new Map<number, Message>();
  for (const sequence of sequences) {
    const message = table?.messages[sequence - 1];
    if (message !== undefined) messages.set(sequence, message);
  }
  return messages;
}

/** Returns the large conversations that the user is a member of, in ascending order. */
export function largeOf(tables: MemoryTables, user: UserId): readonly ConversationId[] {
  return [...(tables.conversationsOf.get(user) ?? [])]
    .filter((id) => {
      const table = tables.conversations.get(id);
      return table?.conversation.large && isMemberOf(table.conversation, table.members.get(user)?.member);
    })
    .sort((a, b) => a - b);
}

/**
 * Loads the rows that a change of a member's own settings reads. Everything is `null` if the conversation does not
 * exist.
 */
export function loadMemberRows(
  { epoch, tables }: MemoryState,
  request: Pick<MemberChangeRequest<unknown, unknown>, 'conversation' | 'user' | 'position' | 'thread'>,
): MemberRows {
  const table = tables.conversations.get(request.conversation);
  const { position, thread, user } = request;
  const { receipts } = choicesOf(tables, user);
  if (table === undefined)
    return { epoch, conversation: null, member: null, peer: null, receipts, position: null, follow: null };
  return {
    epoch,
    conversation: table.conversation,
    member: table.members.get(request.user)?.member ?? null,
    peer: peerOf(table, request.user),
    receipts,
    position: position === null ? null : positionAt(table, user, { wanted: position, thread }),
    follow: (thread !== undefined && table.follows.get(user)?.get(thread)) || null,
  };
}

/** Returns the other member of a direct conversation; `null` in any other conversation. */
export function peerOf(table: ConversationTable, user: UserId): Member | null {
  const key = table.conversation.directKey;
  if (key === null || table.conversation.kind !== 'direct') return null;
  return table.members.get(key[0] === user ? key[1] : key[0])?.member ?? null;
}

function positionFor(table: ConversationTable | null, user: UserId, wanted: number | undefined): Position | null {
  return table === null || wanted === undefined ? null : positionAt(table, user, { wanted, thread: undefined });
}

function positionAt(
  table: ConversationTable,
  user: UserId,
  { wanted, thread }: { readonly wanted: number; readonly thread: number | undefined },
): Position {
  if (thread !== undefined) return positionInThread(table, user, wanted, thread);
  const sequence = Math.min(Math.max(wanted, 0), table.conversation.sequence);
  const own = table.messages.slice(0, sequence).findLast((message) => message.sender === user);
  return { sequence, ordinal: table.messages[sequence - 1]?.ordinal ?? 0, senderOrdinal: own?.senderOrdinal ?? 0 };
}

/** Writes the changes and stamps what the list must show of them (CH-13), in one step. */
export function writeChanges(
  tables: MemoryTables,
  before: ConversationTable | null,
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
function keptOf(table: ConversationTable): ConversationTable {
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
  before: ConversationTable | null,
  changes: Changes,
  followsMax: number,
): Pick<ConversationTable, 'versions' | 'hidden' | 'follows' | 'invites'> {
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
function checkLog(before: ConversationTable | null, { conversation, append, touch }: Changes): void {
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
