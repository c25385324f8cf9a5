import {
  type ErrorCode,
  isSelf,
  parseSearch,
  type Query,
  type SearchPlace,
  type SearchQuery,
  type SearchRequest,
  type UserId,
} from '@everywire/chat';
import { foldName, seenRow } from '@everywire/chat/internal';
import type { CommandDependencies } from './command-dependencies.js';
import { type RequestOutcome, refuse } from './request-outcome.js';

type SearchQueries = Extract<Query, { readonly command: 'search' | 'findConversations' }>;

/** Has sent nothing: ids of people begin at 1. */
const nobody: UserId = 0;

/** People whose name is like one in a filter, and who are looked for: more than these share no name worth typing. */
const namesakesMax = 100;

export async function runSearchQuery(
  user: UserId,
  query: SearchQueries,
  dependencies: CommandDependencies,
): Promise<RequestOutcome> {
  const { store, accounts, limits, searches, wallNow } = dependencies;
  if (searches.spend(String(user), wallNow()) > 0) return refuse('rate_limited');
  if (query.command === 'findConversations') {
    const peers = await idsOf(accounts, query.query);
    const place = { name: foldName(query.query), peers };
    const page = { after: query.after, limit: limits.searchRowsMax };
    return { outcome: 'ok', body: await store.findConversations(user, place, page) };
  }
  if ([...query.text].length > limits.searchCharactersMax) return refuse('too_long');
  const parsed = parseSearch(query.text, query.zone);
  if (parsed.outcome === 'refused') return parsed;
  const wanted = await resolveNames(user, query, parsed.query, dependencies);
  if (typeof wanted === 'string') return refuse(wanted);
  return { outcome: 'ok', body: await searchWithin(user, wanted, dependencies) };
}

/** Fewer messages where they would not fit into one answer; one always does. */
async function searchWithin(
  user: UserId,
  request: SearchRequest,
  { store, answerBytesMax }: CommandDependencies,
): Promise<Extract<RequestOutcome, { readonly outcome: 'ok' }>['body']> {
  for (let limit = request.limit; ; limit = Math.ceil(limit / 2)) {
    const { epoch, hits, next } = await store.search(user, { ...request, limit });
    const rows = hits.map((hit) => ({ conversation: hit.conversation, row: seenRow(hit) }));
    const body = { epoch, hits: rows, next };
    if (limit === 1 || Buffer.byteLength(JSON.stringify(body)) <= answerBytesMax) return body;
  }
}

async function resolveNames(
  user: UserId,
  { conversation, after }: Extract<SearchQueries, { readonly command: 'search' }>,
  query: SearchQuery,
  { accounts, store, limits }: CommandDependencies,
): Promise<SearchRequest | ErrorCode> {
  const senders: UserId[] = [];
  for (const name of query.from) {
    const ids = isSelf(name) ? [user] : await idsOf(accounts, name);
    if (ids.length === 0 && !(await isGuest(user, accounts))) return 'search_from';
    if (ids.length === 0) senders.push(nobody);
    senders.push(...ids);
  }
  const places: SearchPlace[] = [];
  for (const name of query.in) {
    const place = { name: foldName(name), peers: await idsOf(accounts, name) };
    const known = await store.findConversations(user, place, { after: null, limit: 1 });
    // Where the list was not looked through to its end there may be one: then the search itself finds out.
    if (known.entries.length === 0 && known.next === null) return 'search_in';
    places.push(place);
  }
  if (conversation !== null) places.splice(0, places.length, { conversation });
  return {
    terms: query.terms,
    has: query.has,
    senders: query.from.length === 0 ? null : senders,
    places: places.length === 0 ? null : places,
    from: query.after,
    until: query.before,
    after,
    limit: limits.searchRowsMax,
  };
}

/** Who is called so exactly, else whose name has it in it. */
async function idsOf(accounts: CommandDependencies['accounts'], name: string): Promise<readonly UserId[]> {
  const wanted = foldName(name);
  const found = await accounts.searchUsers(name, null, namesakesMax);
  const exact = found.filter((person) => [person.name, person.displayName].some((own) => foldName(own) === wanted));
  return (exact.length > 0 ? exact : found).map(({ id }) => id);
}

/** Guests do not look through the people (`rights.ts`), so a search does not tell them that there is nobody of a name either. */
async function isGuest(user: UserId, accounts: CommandDependencies['accounts']): Promise<boolean> {
  const [found] = await accounts.users([user]);
  return found?.role === 'guest';
}
