import type {
  ChangesAnswer,
  ChatLimits,
  ConversationId,
  Member,
  MembersAnswer,
  Message,
  MessageName,
  MessagesAnswer,
  NotMember,
  PageAnswer,
  PageRequest,
  PeriodsView,
  ReadersAnswer,
  UserId,
} from '@everywire/chat';
import { isOpen, isVisible, openPeriod, planPage, visibleSpans } from '@everywire/chat/internal';
import type { ConversationTable, MemoryState } from './memory-tables.js';

/** A conversation with the row of an open member of it. */
interface Opened {
  readonly table: ConversationTable;
  readonly member: Member;
}

/** CH-3: the former member and the stranger read nothing. */
function openFor({ tables }: MemoryState, user: UserId, conversation: ConversationId): Opened | null {
  const table = tables.conversations.get(conversation);
  const member = table?.members.get(user)?.member;
  return table === undefined || member === undefined || !isOpen(member) ? null : { table, member };
}

function notMember({ epoch }: MemoryState): NotMember {
  return { outcome: 'not_member', epoch };
}

export function readPage(
  state: MemoryState,
  user: UserId,
  conversation: ConversationId,
  request: PageRequest,
): PageAnswer {
  const { epoch } = state;
  const opened = openFor(state, user, conversation);
  if (opened === null) return notMember(state);
  const { table, member } = opened;
  if (request.check !== null && !isKnown(opened, request.check)) return { outcome: 'reset', epoch };
  const { sequence, modification } = table.conversation;
  const plan = planPage(visibleSpans(member, sequence), sequence, request.anchor, request.limit);
  const rows = plan.spans.flatMap(([low, high]) => table.messages.slice(low - 1, high));
  return { outcome: 'page', epoch, rows, covers: plan.covers, head: { sequence, modification } };
}

/** Whether the log still has the message that the client holds (CH-26). One it may no longer see proves nothing. */
function isKnown({ table, member }: Opened, check: MessageName): boolean {
  if (check.sequence > table.conversation.sequence) return false;
  return !isVisible(member, check.sequence) || table.messages[check.sequence - 1]?.id === check.id;
}

export function readChanges(
  state: MemoryState,
  {
    user,
    conversation,
    since,
    limit,
  }: { readonly user: UserId; readonly conversation: ConversationId; readonly since: number; readonly limit: number },
  limits: ChatLimits,
): ChangesAnswer {
  const { epoch } = state;
  const opened = openFor(state, user, conversation);
  if (opened === null) return notMember(state);
  const { table, member } = opened;
  const head = table.conversation.modification;
  if (since > head || head - since > limits.changesBumpsMax) return { outcome: 'reset', epoch };
  const touched = table.messages
    .filter((message) => message.modification > since && isVisible(member, message.sequence))
    .sort((a, b) => a.modification - b.modification);
  const rows = touched.slice(0, limit);
  const more = touched.length > rows.length;
  return { outcome: 'changes', epoch, since, rows, to: more ? (rows.at(-1)?.modification ?? head) : head, more };
}

export function readMessages(
  state: MemoryState,
  user: UserId,
  conversation: ConversationId,
  names: readonly MessageName[],
): MessagesAnswer {
  const opened = openFor(state, user, conversation);
  if (opened === null) return notMember(state);
  const ids = new Map(names.map((name) => [name.sequence, name.id]));
  const rows: Message[] = [];
  for (const sequence of [...ids.keys()].sort((a, b) => a - b)) {
    const message = opened.table.messages[sequence - 1];
    if (message !== undefined && message.id === ids.get(sequence) && isVisible(opened.member, sequence))
      rows.push(message);
  }
  return { outcome: 'messages', epoch: state.epoch, rows };
}

export function readMembers(
  state: MemoryState,
  {
    user,
    conversation,
    after,
    limit,
  }: {
    readonly user: UserId;
    readonly conversation: ConversationId;
    readonly after: UserId | null;
    readonly limit: number;
  },
): MembersAnswer {
  const opened = openFor(state, user, conversation);
  if (opened === null) return notMember(state);
  const left = openRows(opened.table).filter((member) => after === null || member.user > after);
  return {
    outcome: 'members',
    epoch: state.epoch,
    membersAt: opened.table.conversation.membersAt,
    members: left.slice(0, limit).map((member) => ({ user: member.user, role: member.role })),
    more: left.length > limit,
  };
}

function openRows(table: ConversationTable): readonly Member[] {
  return [...table.members.values()]
    .map((row) => row.member)
    .filter(isOpen)
    .sort((a, b) => a.user - b.user);
}

export function readPeriods(
  { epoch, tables }: MemoryState,
  conversation: ConversationId,
  users: readonly UserId[],
): PeriodsView {
  const table = tables.conversations.get(conversation);
  const periods: PeriodsView['periods'] = new Map(
    users.flatMap((user) => {
      const member = table?.members.get(user)?.member;
      return member === undefined ? [] : [[user, member.periods] as const];
    }),
  );
  return { epoch, membersAt: table?.conversation.membersAt ?? 0, periods };
}

export function readReaders(
  state: MemoryState,
  user: UserId,
  conversation: ConversationId,
  sequence: number,
): ReadersAnswer {
  const { epoch } = state;
  const opened = openFor(state, user, conversation);
  if (opened === null) return notMember(state);
  const { table, member } = opened;
  if (!table.conversation.large) {
    const receipts = openRows(table).map((row) => ({
      user: row.user,
      shown: row.shown,
      delivered: row.delivered,
      from: openPeriod(row)?.from ?? 0,
    }));
    return { outcome: 'receipts', epoch, membersAt: table.conversation.membersAt, receipts };
  }
  if (!isVisible(member, sequence) || table.messages[sequence - 1]?.sender !== user)
    return { outcome: 'not_found', epoch };
  const readers = openRows(table).filter(
    (row) => row.user !== user && row.shown >= sequence && (openPeriod(row)?.from ?? 0) <= sequence,
  );
  return { outcome: 'count', epoch, count: readers.length };
}
