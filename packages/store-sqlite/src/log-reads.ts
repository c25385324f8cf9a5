import type {
  ChatLimits,
  Conversation,
  ConversationId,
  Member,
  Message,
  MessageName,
  Store,
  UserId,
} from '@everywire/chat';
import { isOpen, isVisible, planPage, visibleSpans } from '@everywire/chat/internal';
import type { Tables } from './tables.js';

type LogReads = {
  readonly [Method in 'page' | 'changes' | 'messages']: (
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

  return {
    page: (user, id, { anchor, limit, check }) => {
      const asking = findOpenMember(tables, user, id);
      if (asking === null) return notMember;
      const { conversation, member } = asking;
      const { sequence, modification } = conversation;
      if (check !== null && !isKnown(asking, check)) return reset;
      const size = Math.min(limit, limits.pageRowsMax);
      const plan = planPage(visibleSpans(member, sequence), sequence, anchor, size);
      const rows = plan.spans.flatMap((span) => messages.span(id, span));
      return { outcome: 'page', epoch, rows, covers: plan.covers, head: { sequence, modification } };
    },

    changes: (user, id, since, limit) => {
      const asking = findOpenMember(tables, user, id);
      if (asking === null) return notMember;
      const { conversation, member } = asking;
      const head = conversation.modification;
      if (since > head || head - since > limits.changesBumpsMax) return reset;
      const size = Math.min(limit, limits.changesRowsMax);
      const visible = messages.touchedSince(id, since).filter((sequence) => isVisible(member, sequence));
      const rows = present(visible.slice(0, size).map((sequence) => messages.get(id, sequence)));
      const more = visible.length > size;
      return { outcome: 'changes', epoch, since, rows, to: more ? (rows.at(-1)?.modification ?? since) : head, more };
    },

    messages: (user, id, names) => {
      const asking = findOpenMember(tables, user, id);
      if (asking === null) return notMember;
      const ids = new Map(names.slice(0, limits.namesMax).map((name) => [name.sequence, name.id]));
      const sequences = [...ids.keys()].filter((sequence) => isVisible(asking.member, sequence)).sort((a, b) => a - b);
      const found = present(sequences.map((sequence) => messages.get(id, sequence)));
      return { outcome: 'messages', epoch, rows: found.filter((message) => message.id === ids.get(message.sequence)) };
    },
  };
}

/** An open member and the conversation. */
interface Asking {
  readonly conversation: Conversation;
  readonly member: Member;
}

/** `null` for a stranger and a former member alike (CH-3). */
export function findOpenMember(tables: Tables, user: UserId, id: ConversationId): Asking | null {
  const conversation = tables.conversations.get(id);
  const member = tables.members.get(id, user);
  return conversation !== null && member !== null && isOpen(member) ? { conversation, member } : null;
}

function present(messages: ReadonlyArray<Message | null>): readonly Message[] {
  return messages.filter((message) => message !== null);
}
