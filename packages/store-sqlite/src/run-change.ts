import { strict as assert } from 'node:assert';
import type {
  ChangeOutcome,
  ChangeRequest,
  ChangeTarget,
  ChatLimits,
  Conversation,
  Follow,
  Member,
  MemberChangeOutcome,
  MemberChangeRequest,
  Message,
  Needs,
  Position,
  Rows,
  UserId,
} from '@everywire/chat';
import { peerOf } from './conversation-table.js';
import type { Place } from './member-row.js';
import type { Tables } from './tables.js';
import { writeChanges, writeMembers } from './write-changes.js';

/**
 * Runs a `change` of the store inside the transaction of its group: looks up the command key, loads the rows that the
 * change needs, lets it decide, writes its changes and stores the key.
 */
export function runChange<Result, Notice>(
  tables: Tables,
  limits: ChatLimits,
  request: ChangeRequest<Result, Notice>,
): ChangeOutcome<Result, Notice> {
  const { epoch, commandKeys } = tables;
  const known = commandKeys.find(request.key);
  // The stored result is the JSON of a `Result`, because the hash has shown that it belongs to the same command.
  if (known.kind === 'repeated') return { outcome: 'repeated', epoch, result: known.result as Result };
  if (known.kind === 'other') return { outcome: 'refused', code: 'id_reused' };

  if (request.active?.some((user) => !tables.members.isActive(user))) return { outcome: 'refused', code: 'not_found' };
  const conversation = findTarget(tables, request.target);
  const open = findOpen(tables, conversation);
  const decision = request.decide(loadRows(tables, limits, { conversation, open }, request));
  if (decision.outcome === 'refused') return decision;
  if (decision.changes !== null) writeChanges(tables, conversation, open ?? [], decision.changes);
  commandKeys.keep(request.key, decision.result);
  return { outcome: 'committed', epoch, result: decision.result, notices: decision.notices };
}

/** Runs a `changeMember` of the store inside the transaction of its group. It has no command key. */
export function runMemberChange<Result, Notice>(
  tables: Tables,
  request: MemberChangeRequest<Result, Notice>,
): MemberChangeOutcome<Result, Notice> {
  const { epoch } = tables;
  if (!tables.members.isActive(request.user)) return { outcome: 'refused', code: 'not_found' };
  const conversation = tables.conversations.get(request.conversation);
  const member = tables.members.get(request.conversation, request.user);
  const peerUser = conversation && peerOf(conversation, request.user);
  const peer = peerUser === null ? null : tables.members.get(request.conversation, peerUser);
  const position = findPosition(tables, conversation, member, request);
  const { thread } = request;
  const follow = thread === undefined ? null : tables.threads.follow(request.conversation, request.user, thread);
  const receipts = tables.privacy.receipts(request.user);
  const decision = request.decide({ epoch, conversation, member, peer, receipts, position, follow });
  if (decision.outcome === 'refused') return decision;
  writeMembers(tables, conversation, decision.members);
  if (decision.follow !== undefined) tables.threads.writeFollow(decision.follow);
  return { outcome: 'committed', epoch, result: decision.result, notices: decision.notices };
}

function findTarget(tables: Tables, target: ChangeTarget): Conversation | null {
  switch (target.by) {
    case 'id':
      return tables.conversations.get(target.conversation);
    case 'direct':
      return tables.conversations.getDirect(target.key);
    case 'new':
      return null;
  }
}

function loadRows(
  tables: Tables,
  limits: ChatLimits,
  {
    conversation,
    open: places,
  }: { readonly conversation: Conversation | null; readonly open: readonly Place[] | null },
  request: Pick<ChangeRequest<unknown, unknown>, 'needs' | 'key' | 'target'>,
): Rows {
  const { needs, key } = request;
  assert(needs.members.length + needs.messages.length <= limits.needsRowsMax, 'a change needs too many rows');
  const open = places?.map(({ user }) => user) ?? null;
  const { root, follows, threadSent } = loadThread(tables, conversation, needs);
  const invites = needs.invites && conversation !== null ? tables.invites.of(conversation.id) : [];
  const creators = invites.map(({ creator }) => creator);
  const users = new Set([
    ...needs.members,
    ...creators,
    ...(needs.openMembers ? (open ?? []) : []),
    ...(root ? [root.sender] : []),
  ]);
  const members = loadMembers(tables, conversation, users);
  const largeCounts = new Map<UserId, number>();
  if (needs.largeCounts) for (const user of needs.members) largeCounts.set(user, tables.members.countLarge(user));
  return {
    epoch: tables.epoch,
    conversation,
    newConversation: conversation?.id ?? tables.conversations.nextId(),
    members,
    open,
    messages: loadMessages(tables, conversation, [...needs.messages, ...(root ? [root.sequence] : [])]),
    heir:
      needs.heirOf === undefined || conversation === null
        ? null
        : tables.members.heirOf(conversation.id, needs.heirOf, needs.heirsAvoided),
    position: findPosition(tables, conversation, members.get(key.user) ?? null, { position: needs.position ?? null }),
    invites,
    ...loadBlocks(tables, conversation, request),
    largeCounts,
    hidden: loadHidden(tables, conversation, needs, key.user),
    follows,
    threadSent,
  };
}

/** Loads the blocks among users. */
function loadBlocks(
  { privacy }: Tables,
  conversation: Conversation | null,
  { needs, key: { user }, target }: Pick<ChangeRequest<unknown, unknown>, 'needs' | 'key' | 'target'>,
): Pick<Rows, 'blocks' | 'blockCount'> {
  const pair = target.by === 'direct' ? target.key : (conversation?.directKey ?? null);
  const other = pair?.find((each) => each !== user);
  const blocking = other === undefined ? [] : privacy.blocksBetween(user, other);
  return {
    blocks: { mine: blocking.includes(user), theirs: other !== undefined && blocking.includes(other) },
    blockCount: needs.blockCount ? privacy.countBlocked(user) : 0,
  };
}

function loadThread(
  tables: Tables,
  conversation: Conversation | null,
  needs: Needs,
): { readonly root: Message | null } & Pick<Rows, 'follows' | 'threadSent'> {
  const follows = new Map<UserId, Follow>();
  const threadSent = new Map<UserId, number>();
  const named = conversation && needs.thread !== null ? readMessage(tables, conversation, needs.thread) : null;
  if (conversation === null || named === null) return { root: null, follows, threadSent };
  const { id } = conversation;
  const root = named.thread === undefined ? named : readMessage(tables, conversation, named.thread.root);
  if (root === null) return { root, follows, threadSent };
  for (const user of new Set([...needs.members, root.sender])) {
    const follow = tables.threads.follow(id, user, root.sequence);
    if (follow !== null) follows.set(user, follow);
    const sent = tables.threads.sentAt(id, root.sequence, user, conversation.sequence);
    if (sent > 0) threadSent.set(user, sent);
  }
  return { root, follows, threadSent };
}

function loadHidden(
  tables: Tables,
  conversation: Conversation | null,
  needs: Needs,
  user: UserId,
): ReadonlySet<number> {
  if (conversation === null || needs.messages.length === 0) return new Set();
  const member = tables.members.get(conversation.id, user);
  if (member === null) return new Set();
  return new Set(needs.messages.filter((sequence) => tables.hidden.isHidden(member, sequence)));
}

/** Returns the open members' places; `null` for a large conversation. */
function findOpen(tables: Tables, conversation: Conversation | null): readonly Place[] | null {
  if (conversation === null) return [];
  return conversation.large ? null : tables.members.openPlaces(conversation.id);
}

function loadMembers(
  tables: Tables,
  conversation: Conversation | null,
  users: Iterable<UserId>,
): ReadonlyMap<UserId, Member> {
  const members = new Map<UserId, Member>();
  if (conversation === null) return members;
  for (const user of users) {
    const member = tables.members.get(conversation.id, user);
    if (member !== null) members.set(user, member);
  }
  return members;
}

function loadMessages(
  tables: Tables,
  conversation: Conversation | null,
  sequences: readonly number[],
): ReadonlyMap<number, Message> {
  const messages = new Map<number, Message>();
  if (conversation === null) return messages;
  for (const sequence of sequences) {
    const message = readMessage(tables, conversation, sequence);
    if (message !== null) messages.set(sequence, message);
  }
  return messages;
}

/**
 * Returns a message; `null` if it never existed. Throws `damaged` if it exists but is unreadable, because the change
 * must not treat it as absent.
 */
function readMessage(
  { log, messages }: Tables,
  { id, sequence: head, deleted }: Conversation,
  sequence: number,
): Message | null {
  if (sequence < 1 || sequence > head) return null;
  return deleted ? messages.get(id, sequence) : log.require(id, sequence);
}

/**
 * Returns the numbers of counting messages up to a sequence, which a cursor stores (CH-19). At the head (the last
 * sequence), the usual case, nothing must be looked up.
 */
function findPosition(
  tables: Tables,
  conversation: Conversation | null,
  member: Member | null,
  { position: asked, thread }: { readonly position: number | null; readonly thread?: number },
): Position | null {
  if (asked === null || conversation === null || member === null) return null;
  const sequence = Math.max(0, Math.min(asked, conversation.sequence));
  if (thread !== undefined) {
    const { id } = conversation;
    const senderOrdinal = tables.threads.sentAt(id, thread, member.user, sequence);
    return { sequence, ordinal: tables.threads.ordinalAt(id, thread, sequence), senderOrdinal };
  }
  if (sequence === conversation.sequence) return { sequence, ordinal: conversation.count, senderOrdinal: member.sent };
  const message = readMessage(tables, conversation, sequence);
  const ordinal = message?.ordinal ?? 0;
  // In a direct conversation, each message is from one of the two users.
  const ofOther = message !== null && message.sender !== member.user ? message.senderOrdinal : null;
  const senderOrdinal =
    conversation.directKey === null
      ? tables.messages.senderOrdinalAt(conversation.id, member.user, sequence)
      : ofOther === null
        ? (message?.senderOrdinal ?? 0)
        : ordinal - ofOther;
  return { sequence, ordinal, senderOrdinal };
}
