import type {
  BytesMax,
  ChatLimits,
  Conversation,
  ConversationId,
  Member,
  Message,
  MessageName,
  MessagesAnswer,
  Page,
  PageAnchor,
  PageRequest,
  Store,
  UserId,
} from '@everywire/chat';
import {
  AnswerBytes,
  coverReadable,
  fitPage,
  isMemberOf,
  isVisible,
  jsonBytes,
  type PagePlan,
  type PageSides,
  planPage,
  planThreadPage,
  type ThreadPlan,
  type ThreadReader,
  takeFitting,
  type VisibleRange,
  visibleSpans,
  withSeenReplies,
} from '@everywire/chat/internal';
import type { Tables } from './tables.js';

type LogReads = {
  readonly [Method in 'page' | 'changes' | 'messages' | 'pins' | 'versions' | 'hidden']: (
    ...question: Parameters<Store[Method]>
  ) => Awaited<ReturnType<Store[Method]>>;
};

/** Creates the reads of messages, limited to what the requesting member may see (CH-3). */
export function createLogReads(tables: Tables, limits: ChatLimits): LogReads {
  const { epoch, messages, log } = tables;
  const notMember = { outcome: 'not_member', epoch } as const;
  const reset = { outcome: 'reset', epoch } as const;

  /**
   * Returns whether the log still has the message that the client holds; otherwise the client must load the
   * conversation again (CH-26). Returns `true` also for a message that the member may not see, because it cannot be
   * compared.
   */
  const isKnown = ({ conversation, member }: OpenMember, check: MessageName): boolean => {
    if (check.sequence > conversation.sequence) return false;
    if (!isVisible(member, check.sequence)) return true;
    // `null` means that the message is damaged here. The client must not drop its copy for this reason.
    const held = log.find(conversation.id, check.sequence);
    return held === null || held.id === check.id;
  };

  /**
   * Reads a page of the log. Plans the page by the stored lengths of the messages first, so that hardly more is read
   * than fits into the answer; then plans it again by the lengths as JSON, which are never smaller.
   */
  const readLogPage = (id: ConversationId, { visible, head }: Seen, request: PageRequest): Readable => {
    const plan = (sides: PageSides): LogPlan => {
      const { spans, covers } = planPage(visible, head, request.anchor, sides);
      return { spans, covers, sequences: spans.flatMap(sequencesOf) };
    };
    const looked = fitPage(request, { plan, bytesOf: (sequence) => log.length(id, sequence) });
    const rows = new Map(looked.spans.flatMap((span) => log.span(id, span)).map((row) => [row.sequence, row]));
    const read = new Set(looked.sequences);
    const bytesOf = (sequence: number): number =>
      read.has(sequence) ? bytesOfRow(rows.get(sequence)) : Number.POSITIVE_INFINITY;
    return withinCovers(rows, fitPage(request, { plan, bytesOf }), request.anchor);
  };

  const readPageOfThread = (id: ConversationId, seen: Seen, request: PageRequest, root: number): Readable => {
    const { anchor } = request;
    const rows = new Map<number, Message>();
    const read = (sequence: number): Message | null => {
      const row = rows.get(sequence) ?? log.find(id, sequence);
      if (row !== null) rows.set(sequence, row);
      return row;
    };
    const plan = (sides: PageSides): ThreadPlan => planThreadPage({ ...seen, anchor, sides }, threadReader(id, root));
    const found = fitPage(request, { plan, bytesOf: (sequence) => bytesOfRow(read(sequence)) });
    for (const sequence of found.sequences) read(sequence);
    return withinCovers(rows, found, anchor);
  };

  const threadReader = (id: ConversationId, root: number): ThreadReader => {
    const rootIn = ([low, high]: VisibleRange): readonly number[] => (root >= low && root <= high ? [root] : []);
    return {
      newest: (span, limit) => {
        const replies = tables.threads.newest(id, root, span, limit);
        return replies.length < limit ? [...rootIn(span), ...replies] : replies;
      },
      oldest: (span, limit) => {
        const first = rootIn(span).slice(0, limit);
        return [...first, ...tables.threads.oldest(id, root, span, limit - first.length)];
      },
    };
  };

  /** Returns the readable and wanted rows of the sequences in order, as many as fit. */
  const messagesOf = (
    asking: OpenMember,
    sequences: readonly number[],
    { bytesMax, isWanted }: { readonly bytesMax: BytesMax | undefined; readonly isWanted: (row: Message) => boolean },
  ): MessagesAnswer => {
    const { sequence, modification } = asking.conversation;
    const { hiddenAt } = asking.member;
    const bytes = new AnswerBytes(bytesMax);
    const rows: Message[] = [];
    let more = false;
    for (const wanted of sequences) {
      const row = log.find(asking.conversation.id, wanted);
      if (row === null || !isWanted(row) || tables.hidden.isHidden(asking.member, wanted)) continue;
      more = !bytes.fits(row);
      if (more) break;
      rows.push(row);
    }
    const seen = seenBy(tables, asking, rows);
    const answer = { outcome: 'messages', epoch, rows: seen, head: { sequence, modification }, hiddenAt } as const;
    return more ? { ...answer, more } : answer;
  };

  return {
    page: (user, id, request) => {
      const asking = findOpenMember(tables, user, id);
      if (asking === null) return notMember;
      const { conversation, member } = asking;
      const { sequence, modification } = conversation;
      const { check, thread } = request;
      if (check !== null && !isKnown(asking, check)) return reset;
      const seen = { visible: visibleSpans(member, sequence), head: sequence };
      const bounded = { ...request, limit: Math.min(request.limit, limits.pageRowsMax) };
      const found = thread === undefined ? readLogPage(id, seen, bounded) : readPageOfThread(id, seen, bounded, thread);
      const rows = seenBy(tables, asking, found.rows);
      const head = { sequence, modification };
      const page: Page = { outcome: 'page', epoch, rows, covers: found.covers, head, hiddenAt: member.hiddenAt };
      return found.damaged.length === 0 ? page : { ...page, damaged: found.damaged };
    },

    changes: (user, id, since, limit, bytesMax) => {
      const asking = findOpenMember(tables, user, id);
      if (asking === null) return notMember;
      const { conversation, member } = asking;
      const head = conversation.modification;
      if (since > head || head - since > limits.changesBumpsMax) return reset;
      const size = Math.min(limit, limits.changesRowsMax);
      const visible = messages
        .touchedSince(id, since)
        .filter(({ sequence }) => isVisible(member, sequence) && !tables.hidden.isHidden(member, sequence));
      const bytes = new AnswerBytes(bytesMax);
      const looked: (Message | null)[] = [];
      for (const touched of visible.slice(0, size)) {
        // A message that is damaged here is left out, and the client keeps its copy.
        const row = log.find(id, touched.sequence);
        if (row !== null && !bytes.fits(row)) break;
        looked.push(row);
      }
      const rows = seenBy(tables, asking, present(looked));
      const more = visible.length > looked.length;
      // The next request continues after the last row that was examined, readable or not, so that the client makes
      // progress.
      const to = more ? (visible[looked.length - 1]?.modification ?? head) : head;
      return { outcome: 'changes', epoch, since, rows, to, more };
    },

    messages: (user, id, names, bytesMax) => {
      const asking = findOpenMember(tables, user, id);
      if (asking === null) return notMember;
      const ids = new Map(names.slice(0, limits.namesMax).map((name) => [name.sequence, name.id]));
      const { member, conversation } = asking;
      const mayBeSeen = (sequence: number): boolean => sequence <= conversation.sequence && isVisible(member, sequence);
      const sequences = [...ids.keys()].filter(mayBeSeen).sort((a, b) => a - b);
      return messagesOf(asking, sequences, { bytesMax, isWanted: (row) => row.id === ids.get(row.sequence) });
    },

    pins: (user, id, bytesMax) => {
      const asking = findOpenMember(tables, user, id);
      if (asking === null) return notMember;
      const sequences = messages.pinned(id).filter((sequence) => isVisible(asking.member, sequence));
      return messagesOf(asking, sequences, { bytesMax, isWanted: () => true });
    },

    versions: (user, id, message, { before, limit, bytesMax }) => {
      const asking = findOpenMember(tables, user, id);
      if (asking === null) return notMember;
      const { sequence } = message;
      const mayBeSeen = sequence <= asking.conversation.sequence && isVisible(asking.member, sequence);
      const seen = mayBeSeen && log.require(id, sequence).id === message.id;
      const size = Math.min(limit, limits.editsMax);
      const below = before ?? Number.MAX_SAFE_INTEGER;
      if (!seen) return { outcome: 'versions', epoch, versions: [], more: false };
      const versions = takeFitting(tables.versions.page(id, sequence, below, size), bytesMax);
      const last = versions.at(-1);
      const more = last !== undefined && tables.versions.isBelow(id, sequence, last.modification);
      return { outcome: 'versions', epoch, versions, more };
    },

    hidden: (user, id, since, limit) => {
      const asking = findOpenMember(tables, user, id);
      if (asking === null) return notMember;
      // Messages that one command hid have the same `at` and must be returned together; there are at most `namesMax`.
      const found = tables.hidden.since(id, user, since, limit + limits.namesMax);
      const last = found[limit - 1];
      const given = last === undefined ? found : found.filter(({ at }) => at <= last.at);
      const more = given.length < found.length;
      const to = more ? (given.at(-1)?.at ?? since) : asking.member.hiddenAt;
      return { outcome: 'hidden', epoch, since, sequences: given.map(({ sequence }) => sequence), to, more };
    },
  };
}

/**
 * Removes the messages that the member has hidden, and adds to roots the number of replies that the member sees
 * (CH-21).
 */
export function seenBy(
  tables: Tables,
  { conversation, member }: OpenMember,
  rows: readonly Message[],
): readonly Message[] {
  const visible = visibleSpans(member, conversation.sequence);
  return rows
    .filter(({ sequence }) => !tables.hidden.isHidden(member, sequence))
    .map((row) =>
      withSeenReplies(row, visible, conversation.sequence, (sequence) =>
        tables.threads.ordinalAt(conversation.id, row.sequence, sequence),
      ),
    );
}

/** An open (current) member with the conversation. */
export interface OpenMember {
  readonly conversation: Conversation;
  readonly member: Member;
}

/** Returns an open member with the conversation; `null` for a stranger and a former member alike (CH-3). */
export function findOpenMember(tables: Tables, user: UserId, id: ConversationId): OpenMember | null {
  const conversation = tables.conversations.get(id);
  const member = tables.members.get(id, user);
  if (conversation === null || member === null || !isMemberOf(conversation, member)) return null;
  return { conversation, member };
}

/** The part of a log that one member may see. `head` is the last sequence of the conversation. */
interface Seen {
  readonly visible: readonly VisibleRange[];
  readonly head: number;
}

interface LogPlan extends PagePlan {
  readonly sequences: readonly number[];
}

/** The readable part of a page. `covers` is the range that the page answers for; `damaged`, what it lacks in it. */
interface Readable {
  readonly rows: readonly Message[];
  readonly covers: VisibleRange | null;
  readonly damaged: readonly VisibleRange[];
}

function withinCovers(rows: ReadonlyMap<number, Message>, wanted: ThreadPlan, anchor: PageAnchor): Readable {
  const { covers, damaged } = coverReadable(wanted, anchor, (sequence) => rows.has(sequence));
  const isCovered = ({ sequence }: Message): boolean =>
    covers !== null && sequence >= covers[0] && sequence <= covers[1];
  return { rows: [...rows.values()].filter(isCovered).sort((a, b) => a.sequence - b.sequence), covers, damaged };
}

/** Returns the size of a row as JSON with a separator; 0 for an unreadable row. */
function bytesOfRow(row: Message | null | undefined): number {
  return row === null || row === undefined ? 0 : jsonBytes(row) + 1;
}

function sequencesOf([low, high]: VisibleRange): readonly number[] {
  return Array.from({ length: high - low + 1 }, (_, index) => low + index);
}

function present(messages: ReadonlyArray<Message | null>): readonly Message[] {
  return messages.filter((message) => message !== null);
}
