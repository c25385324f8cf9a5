import {
  type ChatErrorCode,
  isSelf,
  parseSearch,
  type Query,
  type SearchPlace,
  type SearchQuery,
  type SearchRequest,
  type User,
  type UserId,
} from '@everywire/chat';
import { foldName, seenRow } from '@everywire/chat/internal';
import type { CommandDependencies } from './command-dependencies.js';
import { type Asker, isGuestStill, knownPeople } from './known-people.js';
import { type RequestOutcome, refuse } from './request-outcome.js';

type SearchQueries = Extract<Query, { readonly command: 'search' | 'findConversations' }>;

/** The id of no user, who has therefore sent nothing. User ids start at 1. */
const NO_SUCH_USER: UserId = 0;

/** Maximum users that one name in a filter may stand for. A name that more users have is too short to be useful. */
const NAMESAKES_MAX = 100;

/** For a guest: maximum pages of matching users that are read to find those whom the guest knows. */
const NAMESAKE_PAGES_MAX = 10;

/** Runs a search for messages or for conversations by name. */
export async function runSearchQuery(
  asker: Asker,
  query: SearchQueries,
  dependencies: CommandDependencies,
): Promise<RequestOutcome> {
  const { user } = asker;
  const { store, limits, answerBytesMax } = dependencies;
  if (query.command === 'findConversations') {
    const peers = await idsOf(asker, query.query, dependencies);
    const place = { name: foldName(query.query), peers };
    const page = { after: query.after, limit: limits.searchRowsMax, bytesMax: answerBytesMax };
    return { outcome: 'ok', body: await store.findConversations(user, place, page) };
  }
  if ([...query.text].length > limits.searchCharactersMax) return refuse('too_long');
  const parsed = parseSearch(query.text, query.zone);
  if (parsed.outcome === 'refused') return parsed;
  const wanted = await resolveNames(asker, query, parsed.query, dependencies);
  if (typeof wanted === 'string') return refuse(wanted);
  const { epoch, hits, next } = await store.search(user, { ...wanted, bytesMax: answerBytesMax });
  const rows = hits.map((hit) => ({ conversation: hit.conversation, row: seenRow(hit) }));
  return { outcome: 'ok', body: { epoch, hits: rows, next } };
}

async function resolveNames(
  asker: Asker,
  { conversation, after }: Extract<SearchQueries, { readonly command: 'search' }>,
  query: SearchQuery,
  dependencies: CommandDependencies,
): Promise<SearchRequest | ChatErrorCode> {
  const { store, limits } = dependencies;
  const { user } = asker;
  const senders = await resolveSenders(asker, query.from, dependencies);
  if (senders === null) return 'search_from';
  const places: SearchPlace[] = [];
  for (const name of query.in) {
    const place = { name: foldName(name), peers: await idsOf(asker, name, dependencies) };
    const known = await store.findConversations(user, place, { after: null, limit: 1 });
    // If the list was not searched to its end (`next` is set), there may be a match, and the search itself finds out.
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

/**
 * Returns the senders that a filter names; `null` if a name matches no user. For a guest, a name without a match stands
 * for a user who has sent nothing. A search must not reveal to guests which users exist (`rights.ts`).
 */
async function resolveSenders(
  asker: Asker,
  names: readonly string[],
  dependencies: CommandDependencies,
): Promise<readonly UserId[] | null> {
  const guest = asker.guest && (await isGuestStill(asker.user, dependencies.accounts));
  const senders: UserId[] = [];
  for (const name of names) {
    const ids = isSelf(name) ? [asker.user] : await idsOf(asker, name, dependencies);
    if (ids.length === 0 && !guest) return null;
    senders.push(...(ids.length === 0 ? [NO_SUCH_USER] : ids));
  }
  return senders;
}

/**
 * Returns users with exactly this name, otherwise users whose name contains it. A guest finds only people whom the
 * guest knows (CH-39), however many others match.
 */
async function idsOf(asker: Asker, name: string, dependencies: CommandDependencies): Promise<readonly UserId[]> {
  const wanted = foldName(name);
  const found = await namesakes(asker, name, dependencies);
  const exact = found.filter((person) => [person.name, person.displayName].some((own) => foldName(own) === wanted));
  return (exact.length > 0 ? exact : found).map(({ id }) => id);
}

async function namesakes(asker: Asker, name: string, dependencies: CommandDependencies): Promise<readonly User[]> {
  const { accounts } = dependencies;
  const found: User[] = [];
  let after: UserId | null = null;
  for (let pages = 0; pages < (asker.guest ? NAMESAKE_PAGES_MAX : 1); pages += 1) {
    // Messages of suspended users can still be searched for.
    const page: readonly User[] = await accounts.searchUsers(name, after, NAMESAKES_MAX, ['active', 'suspended']);
    const known = await knownPeople(
      asker,
      page.map(({ id }) => id),
      dependencies,
    );
    found.push(...page.filter(({ id }) => known.has(id)));
    if (page.length < NAMESAKES_MAX || found.length >= NAMESAKES_MAX) break;
    after = page.at(-1)?.id ?? null;
  }
  return found.slice(0, NAMESAKES_MAX);
}
