import { parseSearch, type SearchTerm } from '@everywire/chat';
import type { Engine } from './engine.js';
import { findConversations } from './search-conversations.js';
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
    conversations: (query, options = {}) => findConversations(engine, query, options),
  };
}
