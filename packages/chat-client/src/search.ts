import { parseSearch, type SearchTerm } from '@everywire/chat';
import type { Engine } from './engine.js';
import { findConversations } from './search-conversations.js';
import type { Search } from './search-found.js';
import { searchMessages } from './search-messages.js';

/**
 * Returns the terms of a search text, for `markTerms` to highlight. Returns no terms if the text is not a valid search.
 */
export function searchTerms(text: string): readonly SearchTerm[] {
  const parsed = parseSearch(text, 0);
  return parsed.outcome === 'search' ? parsed.query.terms : [];
}

/** Creates the search interface of a client. */
export function createSearch(engine: Engine): Search {
  return {
    messages: (text, options = {}) => searchMessages(engine, text, options),
    conversations: (query, options = {}) => findConversations(engine, query, options),
  };
}
