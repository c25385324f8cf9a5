import type {
  Changes,
  ChangeTarget,
  Conversation,
  ConversationId,
  Member,
  MemberChangeRequest,
  MemberRows,
  Message,
  Needs,
  Position,
  Rows,
  UserId,
} from '@everywire/chat';
import { isOpen } from '@everywire/chat/internal';
import type { ConversationTable, MemoryState, MemoryTables, StampedMember } from './memory-tables.js';

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

export function loadRows(state: MemoryState, table: ConversationTable | null, needs: Needs): Rows {
  const { tables, epoch } = state;
  const openRows = table === null || table.conversation.large ? [] : openMembers(table);
  const members = new Map<UserId, Member>(needs.openMembers ? openRows.map((member) => [member.user, member]) : []);
  for (const user of needs.members) {
    const row = table?.members.get(user);
    if (row !== undefined) members.set(user, row.member);
  }
  return {
    epoch,
    conversation: table?.conversation ?? null,
    newConversation: tables.conversations.size + 1,
    members,
    open: table?.conversation.large ? null : openRows.map((member) => member.user),
    messages: loadMessages(table, needs.messages),
    largeCounts: new Map(
      needs.largeCounts && table?.conversation.large
        ? needs.members.map((user) => [user, largeOf(tables, user).length])
        : [],
    ),
  };
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

export function largeOf(tables: MemoryTables, user: UserId): readonly ConversationId[] {
  return [...(tables.conversationsOf.get(user) ?? [])]
    .filter((id) => {
      const table = tables.conversations.get(id);
      return table?.conversation.large && isOpen(table.members.get(user)?.member);
    })
    .sort((a, b) => a - b);
}

export function loadMemberRows(
  { epoch, tables }: MemoryState,
  request: Pick<MemberChangeRequest<unknown, unknown>, 'conversation' | 'user' | 'position'>,
): MemberRows {
  const table = tables.conversations.get(request.conversation);
  if (table === undefined) return { epoch, conversation: null, member: null, peer: null, position: null };
  return {
    epoch,
    conversation: table.conversation,
    member: table.members.get(request.user)?.member ?? null,
    peer: peerOf(table, request.user),
    position: request.position === null ? null : positionAt(table, request.user, request.position),
  };
}

export function peerOf(table: ConversationTable, user: UserId): Member | null {
  const key = table.conversation.directKey;
  if (key === null) return null;
  return table.members.get(key[0] === user ? key[1] : key[0])?.member ?? null;
}

function positionAt(table: ConversationTable, user: UserId, wanted: number): Position {
  const sequence = Math.min(Math.max(wanted, 0), table.conversation.sequence);
  const own = table.messages.slice(0, sequence).findLast((message) => message.sender === user);
  return { sequence, ordinal: table.messages[sequence - 1]?.ordinal ?? 0, senderOrdinal: own?.senderOrdinal ?? 0 };
}

/** Writes what a change decided and stamps what the list must show of it (CH-13), all at once. */
export function writeChanges(
  tables: MemoryTables,
  before: ConversationTable | null,
  changes: Changes,
  stamp: number,
): void {
  const conversation = changes.conversation ?? before?.conversation;
  if (conversation === undefined) throw new Error('a change of no conversation');
  checkLog(before, changes);
  const messages = before === null ? [] : [...before.messages];
  for (const message of changes.touch) messages[message.sequence - 1] = message;
  messages.push(...changes.append);
  const members = new Map(before?.members);
  for (const member of changes.members) members.set(member.user, { member, stamp });
  const crossed = conversation.large && before?.conversation.large === false;
  if (changes.conversation !== null && (!conversation.large || crossed)) stampOpen(members, conversation, stamp);
  tables.conversations.set(conversation.id, {
    conversation,
    stamp: conversation.large && changes.conversation !== null ? stamp : (before?.stamp ?? 0),
    messages,
    members,
  });
  if (conversation.directKey !== null) tables.directKeys.set(conversation.directKey.join(':'), conversation.id);
  for (const member of changes.members) indexUser(tables, member.user, conversation.id);
}

function stampOpen(members: Map<UserId, StampedMember>, { activity, large }: Conversation, stamp: number): void {
  for (const [user, { member }] of members) {
    if (isOpen(member)) members.set(user, { member: { ...member, activity, large }, stamp });
  }
}

export function writeMembers(
  tables: MemoryTables,
  conversation: ConversationId,
  rows: readonly Member[],
  stamp: number,
): void {
  const table = tables.conversations.get(conversation);
  if (table === undefined) throw new Error('a member of no conversation');
  const members = new Map(table.members);
  for (const member of rows) members.set(member.user, { member, stamp });
  tables.conversations.set(conversation, { ...table, members });
}

function indexUser(tables: MemoryTables, user: UserId, conversation: ConversationId): void {
  const ids = tables.conversationsOf.get(user) ?? new Set();
  ids.add(conversation);
  tables.conversationsOf.set(user, ids);
}

/** A gap in a log could never be repaired, so it is refused here whatever decided it (CH-5). */
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
