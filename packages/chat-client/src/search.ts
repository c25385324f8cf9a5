import { parseSearch, type SearchTerm } from '@everywire/chat';
import type { Engine } from './engine.js';
import type { MessageHit, Search } from './search-found.js';

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
