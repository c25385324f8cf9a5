import type { Answers, Message, Query } from '@everywire/chat';
import { seenRow } from '@everywire/chat/internal';
import type { CommandDependencies } from './command-dependencies.js';
import { type Asker, knownPeople } from './known-people.js';
import { profile } from './profile.js';
import { type RequestOutcome, refuse } from './request-outcome.js';
import { runInviteQuery } from './run-invite-query.js';
import { runSearchQuery } from './run-search-query.js';
import { runThreadsQuery } from './run-threads-query.js';
import { withSearchRateLimit } from './search-pace.js';

/**
 * People in one page; the client fetches more by `after`. Must be below `usersPageMax` of the store, because one more is
 * read, to know whether there are more.
 */
const PEOPLE_PAGE_MAX = 50;

type Body = Answers[keyof Answers];

/** Runs a query. It reads one snapshot of the store, and only the ranges of messages that the asker may read (CH-3). */
export async function runQuery(asker: Asker, query: Query, dependencies: CommandDependencies): Promise<RequestOutcome> {
  const { user } = asker;
  const { store, accounts, limits, answerBytesMax } = dependencies;
  const bytesMax = answerBytesMax;
  switch (query.command) {
    case 'list':
      return ok(await store.list(user, query.cursor, limits.listEntriesMax, bytesMax));
    case 'listPage':
      return ok(await store.listPage(user, query.after, limits.listEntriesMax, bytesMax));
    case 'entry':
      return ok(await store.entry(user, query.conversation));
    case 'page': {
      const { conversation, anchor, check, thread, limit } = query;
      const place = thread === undefined ? { anchor, check } : { anchor, check, thread };
      return ok(rowsOut(await store.page(user, conversation, { ...place, limit, bytesMax })));
    }
    case 'changes':
      return ok(rowsOut(await store.changes(user, query.conversation, query.since, limits.changesRowsMax, bytesMax)));
    case 'messages': {
      const answer = await store.messages(user, query.conversation, query.names, bytesMax);
      return answer.outcome === 'messages' && answer.more ? refuse('too_many') : ok(rowsOut(answer));
    }
    case 'pins':
      return ok(rowsOut(await store.pins(user, query.conversation, bytesMax)));
    case 'versions': {
      const { conversation, message, before } = query;
      return ok(await store.versions(user, conversation, message, { before, limit: limits.editsMax, bytesMax }));
    }
    case 'hidden':
      return ok(await store.hidden(user, query.conversation, query.since, limits.changesRowsMax));
    case 'members':
      return ok(await store.members(user, query.conversation, query.after, limits.membersPageMax));
    case 'readers': {
      const answer = await store.readers(user, query.conversation, query.sequence);
      return answer.outcome === 'not_found' ? refuse('not_found') : ok(answer);
    }
    case 'search':
    case 'findConversations':
      return withSearchRateLimit(user, dependencies, () => runSearchQuery(asker, query, dependencies));
    case 'threads':
      // Limited like a search, because the query reads as much of the log.
      return withSearchRateLimit(user, dependencies, () => runThreadsQuery(user, query, dependencies));
    case 'invites':
    case 'invitation':
    case 'directory':
    case 'privacy':
      return runInviteQuery(user, query, dependencies);
    case 'people':
      return ok({
        people: (await accounts.users([...(await knownPeople(asker, query.ids, dependencies))])).map(profile),
      });
    case 'findPeople':
      return withSearchRateLimit(user, dependencies, async () => {
        const found = await accounts.searchUsers(query.query, query.after, PEOPLE_PAGE_MAX + 1);
        return ok({ people: found.slice(0, PEOPLE_PAGE_MAX).map(profile), more: found.length > PEOPLE_PAGE_MAX });
      });
  }
}

function ok(body: Body): RequestOutcome {
  return { outcome: 'ok', body };
}

type Rowless<Answer> = Answer extends { readonly rows: readonly Message[] }
  ? Omit<Answer, 'rows'> & { readonly rows: readonly ReturnType<typeof seenRow>[] }
  : Answer;

/** Removes fields of rows that only the sender's counts need (CH-7). */
function rowsOut<Answer extends object>(
  answer: Answer | (Answer & { readonly rows: readonly Message[] }),
): Rowless<Answer> {
  const out = 'rows' in answer ? { ...answer, rows: answer.rows.map(seenRow) } : answer;
  return out as Rowless<Answer>;
}
