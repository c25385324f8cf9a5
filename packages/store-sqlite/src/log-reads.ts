import type {
  ChatLimits,
  Conversation,
  ConversationId,
  Member,
  Message,
  MessageName,
  MessagesAnswer,
  Page,
  Store,
  UserId,
} from '@everywire/chat';
import {
  isMemberOf,
  isVisible,
  type PagePlan,
  planPage,
  readThreadPage,
  type Span,
  type ThreadReader,
  visibleSpans,
  withSeenReplies,
} from '@everywire/chat/internal';
import type { Tables } from './tables.js';

type LogReads = {
  readonly [Method in 'page' | 'changes' | 'messages' | 'pins' | 'versions' | 'hidden']: (
    ...question: Parameters<Store[Method]>
  ) => Awaited<ReturnType<Store[Method]>>;
};

/** What the port answers about messages, within what the asking member may see (CH-3). */
export function createLogReads(tables: Tables, limits: ChatLimits): LogReads {
  const { epoch, messages } = tables;
  const notMember = { outcome: 'not_member', epoch } as const;
  const reset = { outcome: 'reset', epoch } as const;

  /** Whether the log still has the message that the client holds (CH-26). One it may no longer see proves nothing. */
  const isKnown = ({ conversation, member }: Asking, check: MessageName): boolean => {
    if (check.sequence > conversation.sequence) return false;
    return !isVisible(member, check.sequence) || messages.get(conversation.id, check.sequence)?.id === check.id;
  };

  const readLogPage = (id: ConversationId, plan: PagePlan): Pick<Page, 'rows' | 'covers'> => ({
    rows: plan.spans.flatMap((span) => messages.span(id, span)),
    covers: plan.covers,
  });

  const threadReader = (id: ConversationId, root: number): ThreadReader => {
    const read = (sequences: readonly number[]): readonly Message[] =>
      present(sequences.map((sequence) => messages.get(id, sequence)));
    const rootIn = ([low, high]: Span): readonly number[] => (root >= low && root <= high ? [root] : []);
    return {
      newest: (span, limit) => {
        const replies = tables.threads.newest(id, root, span, limit);
        return read(replies.length < limit ? [...rootIn(span), ...replies] : replies);
      },
      oldest: (span, limit) => {
        const first = rootIn(span).slice(0, limit);
        return read([...first, ...tables.threads.oldest(id, root, span, limit - first.length)]);
      },
    };
  };

  const messagesOf = (asking: Asking, rows: readonly Message[]): MessagesAnswer => {
    const { sequence, modification } = asking.conversation;
    const { hiddenAt } = asking.member;
    return {
      outcome: 'messages',
      epoch,
      rows: seenBy(tables, asking, rows),
      head: { sequence, modification },
      hiddenAt,
    };
  };

  return {
    page: (user, id, { anchor, limit, check, thread }) => {
      const asking = findOpenMember(tables, user, id);
      if (asking === null) return notMember;
      const { conversation, member } = asking;
      const { sequence, modification } = conversation;
      if (check !== null && !isKnown(asking, check)) return reset;
      const size = Math.min(limit, limits.pageRowsMax);
      const visible = visibleSpans(member, sequence);
      const found =
        thread === undefined
          ? readLogPage(id, planPage(visible, sequence, anchor, size))
          : readThreadPage({ visible, head: sequence, anchor, limit: size }, threadReader(id, thread));
      const rows = seenBy(tables, asking, found.rows);
      const head = { sequence, modification };
      return { outcome: 'page', epoch, rows, covers: found.covers, head, hiddenAt: member.hiddenAt };
    },

    changes: (user, id, since, limit) => {
      const asking = findOpenMember(tables, user, id);
      if (asking === null) return notMember;
      const { conversation, member } = asking;
      const head = conversation.modification;
      if (since > head || head - since > limits.changesBumpsMax) return reset;
      const size = Math.min(limit, limits.changesRowsMax);
      const visible = messages
        .touchedSince(id, since)
        .filter((sequence) => isVisible(member, sequence) && !tables.hidden.isHidden(member, sequence));
      const rows = seenBy(
        tables,
        asking,
        present(visible.slice(0, size).map((sequence) => messages.get(id, sequence))),
      );
      const more = visible.length > size;
      return { outcome: 'changes', epoch, since, rows, to: more ? (rows.at(-1)?.modification ?? since) : head, more };
    },

    messages: (user, id, names) => {
      const asking = findOpenMember(tables, user, id);
      if (asking === null) return notMember;
      const ids = new Map(names.slice(0, limits.namesMax).map((name) => [name.sequence, name.id]));
      const sequences = [...ids.keys()].filter((sequence) => isVisible(asking.member, sequence)).sort((a, b) => a - b);
      const found = present(sequences.map((sequence) => messages.get(id, sequence)));
      return messagesOf(
        asking,
        found.filter((message) => message.id === ids.get(message.sequence)),
      );
    },

    pins: (user, id) => {
      const asking = findOpenMember(tables, user, id);
      if (asking === null) return notMember;
      return messagesOf(
        asking,
        messages.pinned(id).filter(({ sequence }) => isVisible(asking.member, sequence)),
      );
    },

    versions: (user, id, message, { before, limit }) => {
      const asking = findOpenMember(tables, user, id);
      if (asking === null) return notMember;
      const { sequence } = message;
      const seen = isVisible(asking.member, sequence) && messages.get(id, sequence)?.id === message.id;
      const size = Math.min(limit, limits.editsMax);
      const below = before ?? Number.MAX_SAFE_INTEGER;
      const versions = seen ? tables.versions.page(id, sequence, below, size + 1) : [];
      return { outcome: 'versions', epoch, versions: versions.slice(0, size), more: versions.length > size };
    },

    hidden: (user, id, since, limit) => {
      const asking = findOpenMember(tables, user, id);
      if (asking === null) return notMember;
      // What was hidden together is given together: `namesMax` at most.
      const found = tables.hidden.since(id, user, since, limit + limits.namesMax);
      const last = found[limit - 1];
      const given = last === undefined ? found : found.filter(({ at }) => at <= last.at);
      const more = given.length < found.length;
      const to = more ? (given.at(-1)?.at ?? since) : asking.member.hiddenAt;
      return { outcome: 'hidden', epoch, since, sequences: given.map(({ sequence }) => sequence), to, more };
    },
  };
}

/** What the member has not hidden, with the replies that the member may see (CH-21). */
export function seenBy(tables: Tables, { conversation, member }: Asking, rows: readonly Message[]): readonly Message[] {
  const visible = visibleSpans(member, conversation.sequence);
  return rows
    .filter(({ sequence }) => !tables.hidden.isHidden(member, sequence))
    .map((row) =>
      withSeenReplies(row, visible, conversation.sequence, (sequence) =>
        tables.threads.ordinalAt(conversation.id, row.sequence, sequence),
      ),
    );
}

/** An open member and the conversation. */
export interface Asking {
  readonly conversation: Conversation;
  readonly member: Member;
}

/** `null` for a stranger and a former member alike (CH-3). */
export function findOpenMember(tables: Tables, user: UserId, id: ConversationId): Asking | null {
  const conversation = tables.conversations.get(id);
  const member = tables.members.get(id, user);
  if (conversation === null || member === null || !isMemberOf(conversation, member)) return null;
  return { conversation, member };
}

function present(messages: ReadonlyArray<Message | null>): readonly Message[] {
  return messages.filter((message) => message !== null);
}
