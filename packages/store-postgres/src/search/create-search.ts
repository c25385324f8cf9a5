import type { ChatLimits, Store } from '@everywire/chat';
import type { Database } from '../database/database.js';
import type { PostgresStoreLimits } from '../limits.js';
import { readEntries } from '../log/entries.js';
import { findConversations } from './find-conversations.js';
import { searchMessages } from './message-search.js';

/** Creates the searches of messages and of conversations. Each call reads one snapshot. */
export function createSearch(
  database: Database,
  limits: ChatLimits,
  { searchBudget: budget }: PostgresStoreLimits,
): Pick<Store, 'search' | 'findConversations'> {
  return {
    search: (user, request) => {
      const limit = Math.min(request.limit, limits.searchRowsMax);
      return database.snapshot((at) => searchMessages(at, user, { ...request, limit }, { epoch: at.epoch, budget }));
    },
    findConversations: (user, place, page) => {
      const limit = Math.min(page.limit, limits.searchRowsMax);
      return database.snapshot((at) =>
        findConversations(at, [user, place, { ...page, limit }], {
          epoch: at.epoch,
          budget,
          entriesOf: (conversations) => readEntries(at, user, conversations, limits),
        }),
      );
    },
  };
}
