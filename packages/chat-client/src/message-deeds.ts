import type { ConversationId, MessageName, MessageRow } from '@everywire/chat';
import type { MessageDeeds, SendOptions } from './chat-client.js';
import { ChatFailure } from './chat-failure.js';
import type { Engine } from './engine.js';
import { mintId } from './mint-id.js';

/** What may be done to the messages of one open view. `recalled` is told what an own message said that is being recalled. */
export function messageDeeds(
  engine: Engine,
  place: { readonly conversation: ConversationId; readonly root: number | null },
  recalled: (key: string, text: string) => void,
): MessageDeeds {
  const { conversation, root } = place;
  /** @throws ChatFailure */
  const find = (key: string): MessageRow => {
    const row = engine.core?.row(conversation, key, root) ?? null;
    if (row === null) throw new ChatFailure('not_found', false);
    return row;
  };
  const id = mintId;
  return {
    edit: async (key, { text, edition, mentions }) => {
      const message = nameOf(find(key));
      const called = mentionsOf(mentions);
      await engine.command({ command: 'edit', id: id(), conversation, message, base: edition, text, ...called });
    },
    recall: async (key) => {
      const row = find(key);
      if (row.sender === engine.me && row.body.kind === 'text') recalled(key, row.body.text);
      await engine.command({ command: 'recall', id: id(), conversation, message: nameOf(row) });
    },
    react: async (key, emoji, set) => {
      await engine.command({ command: 'react', id: id(), conversation, message: nameOf(find(key)), emoji, set });
    },
    pin: async (key, set) => {
      await engine.command({ command: 'pin', id: id(), conversation, message: nameOf(find(key)), set });
    },
    hide: async (keys) => {
      await engine.command({ command: 'hide', id: id(), conversation, messages: keys.map(find).map(nameOf) });
    },
    forward: async (keys, conversations) => {
      // The outbox keeps this order in each conversation.
      const commands = keys
        .map(find)
        .map(nameOf)
        .flatMap((message) =>
          conversations.map((target) =>
            engine.command({ command: 'forward', id: id(), conversation: target, from: conversation, message }),
          ),
        );
      await Promise.all(commands);
    },
    versions: async (key, before) => {
      const answer = await engine.ask({ command: 'versions', conversation, message: nameOf(find(key)), before });
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
      const known = engine.core?.readers(conversation, sequence) ?? null;
      if (known === null) {
        const answer = await engine.ask({ command: 'readers', conversation, sequence });
        if (answer.outcome === 'count') return { kind: 'count', read: answer.count };
        throw new ChatFailure(answer.outcome === 'not_member' ? 'not_member' : 'busy', answer.outcome !== 'not_member');
      }
      const people = await engine.people.fetch(known.map(({ user }) => user));
      const at = people.map((person, index) => ({
        person,
        deliveredAt: known[index]?.deliveredAt ?? null,
        readAt: known[index]?.readAt ?? null,
      }));
      return { kind: 'people', people: at };
    },
  };
}

export function nameOf({ sequence, id }: MessageRow): MessageName {
  return { sequence, id };
}

export function mentionsOf(mentions: SendOptions['mentions']): {
  readonly mentions?: { readonly users: readonly number[]; readonly all: boolean };
} {
  return mentions === undefined ? {} : { mentions: { users: mentions.people, all: mentions.all } };
}
