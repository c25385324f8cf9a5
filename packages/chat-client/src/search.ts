import { parseSearch, type SearchTerm } from '@everywire/chat';
import type { Engine } from './engine.js';
import type { Search } from './search-found.js';
import { searchMessages } from './search-messages.js';

/** What of a text is looked for, to be marked by `markTerms` where it was found; none while the text is not yet a search. */
export function searchTerms(text: string): readonly SearchTerm[] {
  const parsed = parseSearch(text, 0);
  return parsed.outcome === 'search' ? parsed.query.terms : [];
}

export function createSearch(engine: Engine): Search {
  return {
    messages: (text, options = {}) => searchMessages(engine, text, options),
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
