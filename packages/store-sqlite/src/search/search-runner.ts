import type { Accounts, ChatLimits, ConversationId, Entry, Store, UserId } from '@everywire/chat';
import type { Database } from '../database/database.js';
import { readFollowedThreads } from '../followed-threads.js';
import { createListReads } from '../list-reads.js';
import type { Tables } from '../tables.js';
import { createBuildBlocks } from './build-blocks.js';
import { findConversations } from './find-conversations.js';
import { createFindPeople } from './find-people.js';
import { searchMessages } from './message-search.js';
import { createSearchReads } from './search-reads.js';
import { SearchStateCache } from './search-state-cache.js';
import type { BuiltBlock } from './search-table.js';

/** The queries of a searcher. */
export interface SearchQuestions {
  readonly search: Parameters<Store['search']>;
  readonly findConversations: Parameters<Store['findConversations']>;
  readonly threads: Parameters<Store['threads']>;
  readonly findPeople: Parameters<Accounts['searchUsers']>;
  /** Builds the search filters of due blocks, at most `limit` (`build-blocks.ts`). */
  readonly build: readonly [limit: number];
}

/** The answers of a searcher, by kind of query. */
export interface SearchReplies {
  readonly search: Awaited<ReturnType<Store['search']>>;
  readonly findConversations: Awaited<ReturnType<Store['findConversations']>>;
  readonly threads: Awaited<ReturnType<Store['threads']>>;
  readonly findPeople: Awaited<ReturnType<Accounts['searchUsers']>>;
  readonly build: readonly BuiltBlock[];
}

/** Answers a query. The caller must provide one snapshot. */
export type AnswerSearch = <Kind extends keyof SearchQuestions>(
  kind: Kind,
  question: SearchQuestions[Kind],
) => SearchReplies[Kind];

/** Settings of a searcher. */
export interface SearchSettings {
  readonly chat: ChatLimits;
  readonly budget: number;
  readonly positionsKept: number;
}

/** Creates the function that answers all kinds of queries from a database. */
export function createAnswerSearch(
  database: Database,
  tables: Tables,
  { chat, budget, positionsKept }: SearchSettings,
): AnswerSearch {
  const reads = createSearchReads(database, tables);
  const kept = new SearchStateCache(positionsKept);
  const lists = createListReads(tables, chat);
  const findEntry = (user: UserId, id: ConversationId): Entry | null => lists.entry(user, id).entry;
  const build = createBuildBlocks(database, tables.log);
  const answers: {
    readonly [Kind in keyof SearchQuestions]: (question: SearchQuestions[Kind]) => SearchReplies[Kind];
  } = {
    search: ([user, request]) => searchMessages({ tables, reads, kept, budget }, user, request),
    findConversations: (question) => findConversations({ tables, budget, findEntry }, question),
    threads: (question) =>
      readFollowedThreads({ tables, reads, budget, mentionsShownMax: chat.mentionsShownMax }, ...question),
    findPeople: createFindPeople(database, chat),
    build: ([limit]) => build(limit),
  };
  return (kind, question) => answers[kind](question);
}
