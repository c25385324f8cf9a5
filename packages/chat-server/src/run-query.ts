import type { Answers, ListAnswer, Message, Query, UserId } from '@everywire/chat';
import { seenRow } from '@everywire/chat/internal';
import type { CommandDependencies } from './command-dependencies.js';
import { profile } from './profile.js';
import { type RequestOutcome, refuse } from './request-outcome.js';
import { runGateQuery } from './run-gate-query.js';
import { runSearchQuery } from './run-search-query.js';
import { runThreadsQuery } from './run-threads-query.js';

/** The rest comes by `after`, so nobody gains by another. One more is asked for, to know of the rest: stays below `usersPageMax`. */
const peoplePageMax = 50;

type Body = Answers[keyof Answers];

/** Reads; each is one snapshot of the store, within the ranges of whoever asks (CH-3). */
export async function runQuery(user: UserId, query: Query, dependencies: CommandDependencies): Promise<RequestOutcome> {
  const { store, accounts, limits, answerBytesMax } = dependencies;
  const fitting = <Answer extends Body>(
    limit: number,
    ask: (limit: number) => Promise<Answer>,
  ): Promise<RequestOutcome> => withinBytes(answerBytesMax, limit, ask);
  switch (query.command) {
    case 'list': {
      const outcome = await fitting(limits.listEntriesMax, (limit) => store.list(user, query.cursor, limit));
      return outcome.outcome === 'ok' ? ok(shortened(outcome.body as ListAnswer, answerBytesMax)) : outcome;
    }
    case 'listPage':
      return fitting(limits.listEntriesMax, (limit) => store.listPage(user, query.after, limit));
    case 'entry':
      return ok(await store.entry(user, query.conversation));
    case 'page': {
      const { conversation, anchor, check, thread } = query;
      const place = thread === undefined ? { anchor, check } : { anchor, check, thread };
      return fitting(query.limit, async (limit) => rowsOut(await store.page(user, conversation, { ...place, limit })));
    }
    case 'changes': {
      const { conversation, since } = query;
      return fitting(limits.changesRowsMax, async (limit) =>
        rowsOut(await store.changes(user, conversation, since, limit)),
      );
    }
    case 'messages': {
      const answer = rowsOut(await store.messages(user, query.conversation, query.names));
      return bytesOf(answer) > answerBytesMax ? refuse('too_many') : ok(answer);
    }
    case 'pins': {
      const answer = rowsOut(await store.pins(user, query.conversation));
      return bytesOf(answer) > answerBytesMax ? refuse('too_many') : ok(answer);
    }
    case 'versions': {
      const { conversation, message, before } = query;
      return fitting(limits.editsMax, (limit) => store.versions(user, conversation, message, { before, limit }));
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
      return runSearchQuery(user, query, dependencies);
    case 'threads':
      return runThreadsQuery(user, query, dependencies);
    case 'invites':
    case 'invitation':
    case 'directory':
    case 'privacy':
      return runGateQuery(user, query, dependencies);
    case 'people':
      return ok({ people: (await accounts.users([...new Set(query.ids)])).map(profile) });
    case 'findPeople': {
      const found = await accounts.searchUsers(query.query, query.after, peoplePageMax + 1);
      return ok({ people: found.slice(0, peoplePageMax).map(profile), more: found.length > peoplePageMax });
    }
  }
}

function ok(body: Body): RequestOutcome {
  return { outcome: 'ok', body };
}

/** Asks for fewer until the answer fits into one message; one row always does. */
async function withinBytes<Answer extends Body>(
  bytesMax: number,
  limit: number,
  ask: (limit: number) => Promise<Answer>,
): Promise<RequestOutcome> {
  for (let fewer = limit; ; fewer = Math.ceil(fewer / 2)) {
    const body = await ask(fewer);
    if (fewer === 1 || bytesOf(body) <= bytesMax) return ok(body);
  }
}

/** What a fresh list starts with does not go by the limit. Those left out come by scrolling, like all below them (CH-15). */
function shortened(answer: ListAnswer, bytesMax: number): ListAnswer {
  let fitting = answer;
  while (fitting.outcome !== 'changed' && fitting.entries.length > 1 && bytesOf(fitting) > bytesMax) {
    fitting = { ...fitting, entries: fitting.entries.slice(0, Math.ceil(fitting.entries.length / 2)), more: true };
  }
  return fitting;
}

function bytesOf(body: Body): number {
  return Buffer.byteLength(JSON.stringify(body));
}

type Rowless<Answer> = Answer extends { readonly rows: readonly Message[] }
  ? Omit<Answer, 'rows'> & { readonly rows: readonly ReturnType<typeof seenRow>[] }
  : Answer;

/** Rows go out without what only the arithmetic of their sender needs (CH-7). */
function rowsOut<Answer extends object>(
  answer: Answer | (Answer & { readonly rows: readonly Message[] }),
): Rowless<Answer> {
  const out = 'rows' in answer ? { ...answer, rows: answer.rows.map(seenRow) } : answer;
  return out as Rowless<Answer>;
}
