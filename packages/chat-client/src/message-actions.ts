import type { ConversationId, MessageName, MessageRow } from '@everywire/chat';
import type { MessageActions, MessageOptions } from './chat-client.js';
import { ChatFailure } from './chat-failure.js';
import type { Engine } from './engine.js';
import { mintId } from './mint-id.js';

/**
 * Creates the actions on messages of one open view. When the user recalls an own message, calls `recalled` with its
 * text, so that the view can offer the text for editing.
 */
export function messageActions(
  engine: Engine,
  { conversation: opened, root }: { readonly conversation: ConversationId; readonly root: number | null },
  recalled: (key: string, text: string) => void,
): MessageActions {
  // Looks up the id at each action, because a provisional conversation gets its final id with its first message.
  const at = (): ConversationId => engine.core?.directs.at(opened) ?? opened;
  /** @throws ChatFailure */
  const find = (key: string): MessageRow => {
    const row = engine.core?.row(at(), key, root) ?? null;
    if (row === null) throw new ChatFailure('not_found', false);
    return row;
  };
  const id = mintId;
  return {
    edit: async (key, { text, textVersion, mentions }) => {
      const message = nameOf(find(key));
      const called = mentionsOf(mentions);
      await engine.command({
        command: 'edit',
        id: id(),
        conversation: at(),
        message,
        base: textVersion,
        text,
        ...called,
      });
    },
    recall: async (key) => {
      const row = find(key);
      if (row.sender === engine.me && row.body.kind === 'text') recalled(key, row.body.text);
      await engine.command({ command: 'recall', id: id(), conversation: at(), message: nameOf(row) });
    },
    react: async (key, emoji, set) => {
      await engine.command({ command: 'react', id: id(), conversation: at(), message: nameOf(find(key)), emoji, set });
    },
    pin: async (key, set) => {
      await engine.command({ command: 'pin', id: id(), conversation: at(), message: nameOf(find(key)), set });
    },
    hide: async (keys) => {
      await engine.command({ command: 'hide', id: id(), conversation: at(), messages: keys.map(find).map(nameOf) });
    },
    forward: async (keys, conversations) => {
      // The outbox sends these commands in the given order within each conversation.
      const commands = keys
        .map(find)
        .map(nameOf)
        .flatMap((message) =>
          conversations.map((target) =>
            engine.command({ command: 'forward', id: id(), conversation: target, from: at(), message }),
          ),
        );
      await Promise.all(commands);
    },
    versions: async (key, before) => {
      const answer = await engine.ask({ command: 'versions', conversation: at(), message: nameOf(find(key)), before });
      if (answer.outcome === 'not_member') throw new ChatFailure('not_member', false);
      const versions = answer.versions.map(({ modification, body, at }) => ({
        modification,
        text: body.text,
        writtenAt: at,
      }));
      return { versions, more: answer.more };
    },
    readers: async (key) => {
      const { sequence } = find(key);
      const known = engine.core?.readers(at(), sequence) ?? null;
      if (known === null) {
        const answer = await engine.ask({ command: 'readers', conversation: at(), sequence });
        if (answer.outcome === 'count') return { kind: 'count', read: answer.count };
        throw new ChatFailure(answer.outcome === 'not_member' ? 'not_member' : 'busy', answer.outcome !== 'not_member');
      }
      const people = await engine.people.fetch(known.map(({ user }) => user));
      const reached = people.map((person, index) => ({
        person,
        deliveredAt: known[index]?.deliveredAt ?? null,
        readAt: known[index]?.readAt ?? null,
      }));
      return { kind: 'people', people: reached };
    },
  };
}

/** Returns the name by which commands refer to a message. */
export function nameOf({ sequence, id }: MessageRow): MessageName {
  return { sequence, id };
}

/** Returns the property `mentions` of a command; an empty object if there are no mentions. */
export function mentionsOf(mentions: MessageOptions['mentions']): {
  readonly mentions?: { readonly users: readonly number[]; readonly all: boolean };
} {
  return mentions === undefined ? {} : { mentions: { users: mentions.people, all: mentions.all } };
}
