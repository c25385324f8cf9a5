import type {
  ChangeRequest,
  ChangeTarget,
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
import { isMemberOf, isOpen, openPeriod } from '@everywire/chat/internal';
import { blocksBetween, choicesOf } from './memory-privacy.js';
import type { MemoryConversation, MemoryState, MemoryTables } from './memory-tables.js';
import { hiddenBy, loadThread, positionInThread } from './memory-threads.js';

/** Returns the conversation that a change names. Returns `null` if it does not exist yet. */
export function findTarget(tables: MemoryTables, target: ChangeTarget): MemoryConversation | null {
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
  { table, isDeleted }: { readonly table: MemoryConversation | null; readonly isDeleted: (user: UserId) => boolean },
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
  table: MemoryConversation | null,
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

function countLarge(tables: MemoryTables, table: MemoryConversation | null, needs: Needs): ReadonlyMap<UserId, number> {
  const matters = needs.largeCounts && (table === null || table.conversation.large);
  return new Map(matters ? needs.members.map((user) => [user, largeOf(tables, user).length]) : []);
}

function heirOf(
  table: MemoryConversation | null,
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

function openMembers(table: MemoryConversation): readonly Member[] {
  return [...table.members.values()]
    .map((row) => row.member)
    .filter(isOpen)
    .sort((a, b) => a.user - b.user);
}

function loadMessages(table: MemoryConversation | null, sequences: readonly number[]): ReadonlyMap<number, Message> {
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
export function peerOf(table: MemoryConversation, user: UserId): Member | null {
  const key = table.conversation.directKey;
  if (key === null || table.conversation.kind !== 'direct') return null;
  return table.members.get(key[0] === user ? key[1] : key[0])?.member ?? null;
}

function positionFor(table: MemoryConversation | null, user: UserId, wanted: number | undefined): Position | null {
  return table === null || wanted === undefined ? null : positionAt(table, user, { wanted, thread: undefined });
}

function positionAt(
  table: MemoryConversation,
  user: UserId,
  { wanted, thread }: { readonly wanted: number; readonly thread: number | undefined },
): Position {
  if (thread !== undefined) return positionInThread(table, user, wanted, thread);
  const sequence = Math.min(Math.max(wanted, 0), table.conversation.sequence);
  const own = table.messages.slice(0, sequence).findLast((message) => message.sender === user);
  return { sequence, ordinal: table.messages[sequence - 1]?.ordinal ?? 0, senderOrdinal: own?.senderOrdinal ?? 0 };
}
