import type { FileRef, ListPosition, SearchPosition, SearchTerm } from '@everywire/chat';
import { parseSearch } from '@everywire/chat';
import type { Person } from './chat-client.js';
import type { Engine } from './engine.js';

export interface MessageHit {
  readonly conversation: number;
  /** Where it is: `Timeline.locate` goes there. */
  readonly sequence: number;
  readonly id: string;
  readonly sender: Person;
  readonly text: string;
  readonly files: readonly FileRef[];
  readonly sentAt: number;
}

export interface MessagesFound {
  /** The newest first. */
  readonly hits: readonly MessageHit[];
  /** Where to go on; `null`: all was searched. With fewer hits than a page, the server has searched back to `next.sentAt` and not further. */
  readonly next: SearchPosition | null;
}

export interface ConversationHit {
  readonly id: number;
  readonly kind: 'direct' | 'group' | 'channel' | 'notes';
  /** The name, of a direct conversation the other one's. */
  readonly title: string;
  /** The other one of a direct conversation. */
  readonly peer: Person | null;
  readonly memberCount: number;
}

export interface ConversationsFound {
  readonly conversations: readonly ConversationHit[];
  /** Where to go on; `null`: there are no more. */
  readonly next: ListPosition | null;
}

/** Looks through what this person may see; people are found by `ChatClient.people`. Rejects with `ChatFailure`: `search_...`, `rate_limited`, `offline`. */
export interface Search {
  /**
   * `text` may hold `from: in: has: before: after:` and phrases in quotes; days are this device's. `conversation` searches in that one alone; `after` is `next` of the answer
   * before.
   */
  messages(
    text: string,
    options?: { readonly conversation?: number | null; readonly after?: SearchPosition | null },
  ): Promise<MessagesFound>;
  /** By a part of their names. */
  conversations(query: string, after?: ListPosition | null): Promise<ConversationsFound>;
}

/** What of a text is looked for, to be marked by `markTerms` where it was found; none while the text is not yet a search. */
export function searchTerms(text: string): readonly SearchTerm[] {
  const parsed = parseSearch(text, 0);
  return parsed.outcome === 'search' ? parsed.query.terms : [];
}

export function createSearch(engine: Engine): Search {
  return {
    messages: async (text, { conversation = null, after = null } = {}) => {
      const zone = -new Date().getTimezoneOffset();
      const { hits, next } = await engine.ask({ command: 'search', text, zone, conversation, after });
      const senders = await engine.people.fetch(hits.map(({ row }) => row.sender));
      const found = hits.flatMap(({ conversation: place, row }, index): readonly MessageHit[] => {
        const { body, sequence, id, sentAt } = row;
        const sender = senders[index];
        if (body.kind !== 'text' || sender === undefined) return [];
        return [{ conversation: place, sequence, id, sender, text: body.text, files: body.files ?? [], sentAt }];
      });
      return { hits: found, next };
    },
    conversations: async (query, after = null) => {
      const { entries, more } = await engine.ask({ command: 'findConversations', query, after });
      const peers = await engine.people.fetch(entries.flatMap(({ peer }) => (peer === null ? [] : [peer.user])));
      const byId = new Map(peers.map((person) => [person.id, person]));
      const conversations = entries.map(({ conversation, kind, name, peer, memberCount }) => {
        const person = peer === null ? null : (byId.get(peer.user) ?? null);
        return { id: conversation, kind, title: person?.displayName ?? name, peer: person, memberCount };
      });
      const last = entries.at(-1);
      const next =
        more && last ? { place: last.place, activity: last.activity, conversation: last.conversation } : null;
      return { conversations, next };
    },
  };
}
