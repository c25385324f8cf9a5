import type {
  BytesMax,
  ChangesAnswer,
  ChatLimits,
  ConversationId,
  HiddenAnswer,
  Member,
  Message,
  MessageName,
  MessagesAnswer,
  NotMember,
  PageAnswer,
  PageRequest,
  UserId,
  VersionsAnswer,
} from '@everywire/chat';
import {
  fitPage,
  isMemberOf,
  isVisible,
  jsonBytes,
  type PageSides,
  planPage,
  planThreadPage,
  type ThreadPlan,
  type ThreadReader,
  takeFitting,
  type VisibleRange,
  visibleSpans,
} from '@everywire/chat/internal';
import type { MemoryConversation, MemoryState } from './memory-tables.js';
import { hiddenBy, withSeenReplies } from './memory-threads.js';

/** A conversation with the row of an open member of it. */
interface Opened {
  readonly table: MemoryConversation;
  readonly member: Member;
}

/** Returns the conversation for an open member; `null` for a former member and a stranger (CH-3). */
export function openFor({ tables }: MemoryState, user: UserId, conversation: ConversationId): Opened | null {
  const table = tables.conversations.get(conversation);
  const member = table?.members.get(user)?.member;
  return table === undefined || member === undefined || !isMemberOf(table.conversation, member)
    ? null
    : { table, member };
}

/** Returns the answer for a user who is not a member. */
export function notMember({ epoch }: MemoryState): NotMember {
  return { outcome: 'not_member', epoch };
}

/**
 * Returns a page of messages around an anchor. Answers `reset` if the log does not have the message that the client
 * holds.
 */
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
  const found = fitPage(request, {
    plan: (sides) => planRows(opened, request, sides),
    bytesOf: (wanted) => jsonBytes(table.messages[wanted - 1] ?? {}) + 1,
  });
  const rows = seenBy(
    opened,
    found.sequences.flatMap((wanted) => table.messages[wanted - 1] ?? []),
  );
  const head = { sequence, modification };
  return { outcome: 'page', epoch, rows, covers: found.covers, head, hiddenAt: member.hiddenAt };
}

function planRows({ table, member }: Opened, { thread, anchor }: PageRequest, sides: PageSides): ThreadPlan {
  const head = table.conversation.sequence;
  const visible = visibleSpans(member, head);
  if (thread !== undefined) return planThreadPage({ visible, head, anchor, sides }, threadReader(table, thread));
  const { spans, covers } = planPage(visible, head, anchor, sides);
  return { sequences: spans.flatMap(([low, high]) => namesOf(table.messages.slice(low - 1, high))), covers };
}

function threadReader({ messages }: MemoryConversation, root: number): ThreadReader {
  const within = ([low, high]: VisibleRange): readonly number[] =>
    namesOf(messages.slice(low - 1, high).filter(({ sequence, thread }) => sequence === root || thread?.root === root));
  return {
    newest: (span, limit) => (limit === 0 ? [] : within(span).slice(-limit)),
    oldest: (span, limit) => within(span).slice(0, limit),
  };
}

function namesOf(messages: readonly Message[]): readonly number[] {
  return messages.map(({ sequence }) => sequence);
}

/** Returns the messages that the member has not hidden, with reply previews that the member may see. */
function seenBy({ table, member }: Opened, rows: readonly Message[]): readonly Message[] {
  const hidden = hiddenBy(table, member.user);
  return rows.filter(({ sequence }) => !hidden.has(sequence)).map((row) => withSeenReplies(table, member, row));
}

/** Tells whether the log still has the message that the client holds (CH-26). A message that the client may no longer see proves nothing. */
function isKnown({ table, member }: Opened, check: MessageName): boolean {
  if (check.sequence > table.conversation.sequence) return false;
  return !isVisible(member, check.sequence) || table.messages[check.sequence - 1]?.id === check.id;
}

/**
 * Returns the messages that changed after the modification `since`. Answers `reset` if there are too many changes or
 * `since` is in the future.
 */
export function readChanges(
  state: MemoryState,
  {
    user,
    conversation,
    since,
    limit,
    bytesMax,
  }: {
    readonly user: UserId;
    readonly conversation: ConversationId;
    readonly since: number;
    readonly limit: number;
    readonly bytesMax: BytesMax | undefined;
  },
  limits: ChatLimits,
): ChangesAnswer {
  const { epoch } = state;
  const opened = openFor(state, user, conversation);
  if (opened === null) return notMember(state);
  const { table, member } = opened;
  const head = table.conversation.modification;
  if (since > head || head - since > limits.changesBumpsMax) return { outcome: 'reset', epoch };
  const hidden = hiddenBy(table, user);
  const touched = table.messages
    .filter((message) => message.modification > since && isVisible(member, message.sequence))
    .filter((message) => !hidden.has(message.sequence))
    .sort((a, b) => a.modification - b.modification);
  const rows = seenBy(opened, takeFitting(touched.slice(0, limit), bytesMax));
  const more = touched.length > rows.length;
  return { outcome: 'changes', epoch, since, rows, to: more ? (rows.at(-1)?.modification ?? head) : head, more };
}

/** Returns single messages by sequence and id. Omits those that do not match or that the user may not see. */
export function readMessages(
  state: MemoryState,
  user: UserId,
  conversation: ConversationId,
  names: readonly MessageName[],
  bytesMax: BytesMax | undefined,
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
  return messagesOf(state, opened, rows, bytesMax);
}

function messagesOf(
  { epoch }: MemoryState,
  opened: Opened,
  wanted: readonly Message[],
  bytesMax: BytesMax | undefined,
): MessagesAnswer {
  const { sequence, modification } = opened.table.conversation;
  const { hiddenAt } = opened.member;
  const seen = seenBy(opened, wanted);
  const rows = takeFitting(seen, bytesMax);
  const answer = { outcome: 'messages', epoch, rows, head: { sequence, modification }, hiddenAt } as const;
  return rows.length < seen.length ? { ...answer, more: true } : answer;
}

/** Returns the pinned messages that the user may see. */
export function readPins(
  state: MemoryState,
  user: UserId,
  conversation: ConversationId,
  bytesMax: BytesMax | undefined,
): MessagesAnswer {
  const opened = openFor(state, user, conversation);
  if (opened === null) return notMember(state);
  const { messages } = opened.table;
  return messagesOf(
    state,
    opened,
    messages.filter(({ sequence, pinned }) => pinned !== undefined && isVisible(opened.member, sequence)),
    bytesMax,
  );
}

/** Returns the earlier texts of an edited message, newest first. */
export function readVersions(
  state: MemoryState,
  {
    user,
    conversation,
    message: { sequence, id },
    before,
    limit,
    bytesMax,
  }: {
    readonly user: UserId;
    readonly conversation: ConversationId;
    readonly message: MessageName;
    readonly before: number | null;
    readonly limit: number;
    readonly bytesMax?: BytesMax;
  },
): VersionsAnswer | NotMember {
  const opened = openFor(state, user, conversation);
  if (opened === null) return notMember(state);
  const { table, member } = opened;
  const seen = isVisible(member, sequence) && table.messages[sequence - 1]?.id === id;
  const left = (seen ? (table.versions.get(sequence) ?? []) : [])
    .filter(({ modification }) => before === null || modification < before)
    .toReversed();
  const shown = left.slice(0, limit).map(({ modification, body, at }) => ({ modification, body, at }));
  const versions = takeFitting(shown, bytesMax);
  return { outcome: 'versions', epoch: state.epoch, versions, more: left.length > versions.length };
}

/** Returns the messages that the user has hidden after the point `since`, in the order of hiding. */
export function readHidden(
  state: MemoryState,
  {
    user,
    conversation,
    since,
    limit,
  }: { readonly user: UserId; readonly conversation: ConversationId; readonly since: number; readonly limit: number },
): HiddenAnswer | NotMember {
  const opened = openFor(state, user, conversation);
  if (opened === null) return notMember(state);
  const { table, member } = opened;
  const left = (table.hidden.get(user) ?? []).filter(({ at }) => at > since);
  const last = left[limit - 1];
  const given = last === undefined ? left : left.filter(({ at }) => at <= last.at);
  const more = given.length < left.length;
  const to = more ? (given.at(-1)?.at ?? since) : member.hiddenAt;
  const sequences = given.map(({ sequence }) => sequence);
  return { outcome: 'hidden', epoch: state.epoch, since, sequences, to, more };
}
