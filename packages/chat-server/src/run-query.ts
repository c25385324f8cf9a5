import type { Answers, Profile, Query, User, UserId } from '@everywire/chat';
import { messageRow } from '@everywire/chat/internal';
import type { CommandDependencies } from './command-dependencies.js';
import type { RequestOutcome } from './request-outcome.js';

const peoplePageMax = 50;

/** Reads; each is one snapshot of the store, within the ranges of whoever asks (CH-3). */
export async function runQuery(user: UserId, query: Query, dependencies: CommandDependencies): Promise<RequestOutcome> {
  const { store, accounts, limits } = dependencies;
  switch (query.command) {
    case 'list':
      return ok(await store.list(user, query.cursor, limits.listEntriesMax));
    case 'listPage':
      return ok(await store.listPage(user, query.after, limits.listEntriesMax));
    case 'entry':
      return ok(await store.entry(user, query.conversation));
    case 'page': {
      const { anchor, limit, check } = query;
      return withRows(await store.page(user, query.conversation, { anchor, limit, check }));
    }
    case 'changes':
      return withRows(await store.changes(user, query.conversation, query.since, limits.changesRowsMax));
    case 'messages':
      return withRows(await store.messages(user, query.conversation, query.names));
    case 'members':
      return ok(await store.members(user, query.conversation, query.after, limits.membersPageMax));
    case 'readers': {
      const answer = await store.readers(user, query.conversation, query.sequence);
      return answer.outcome === 'not_found' ? { outcome: 'refused', code: 'not_found' } : ok(answer);
    }
    case 'people':
      return ok({ people: (await accounts.users([...new Set(query.ids)])).map(profile) });
    case 'findPeople': {
      const found = await accounts.searchUsers(query.query, query.after, peoplePageMax + 1);
      return ok({ people: found.slice(0, peoplePageMax).map(profile), more: found.length > peoplePageMax });
    }
  }
}

function ok(body: Answers[keyof Answers]): RequestOutcome {
  return { outcome: 'ok', body };
}

type Rows = Parameters<typeof messageRow>[0];

/** Rows go out without what only the arithmetic of their sender needs (CH-7). */
function withRows<Answer extends { readonly outcome: string; readonly rows?: readonly Rows[] }>(
  answer: Answer,
): RequestOutcome {
  const body = answer.rows === undefined ? answer : { ...answer, rows: answer.rows.map(messageRow) };
  return ok(body as unknown as Answers[keyof Answers]);
}

function profile({ id, name, displayName }: User): Profile {
  return { id, name, displayName };
}
