import type { Message, SearchAnswer, SearchPosition, SearchRequest, Store, UserId } from '@everywire/chat';
import { parseSearch } from '@everywire/chat';
import { compareSearchPositions } from '@everywire/chat/internal';
import { expect } from 'vitest';

/** A search that matches every message. */
export const everything: SearchRequest = {
  terms: [],
  senders: null,
  places: null,
  has: [],
  from: null,
  until: null,
  after: null,
  limit: 20,
};

/** Parses a search as typed; names are given as ids. */
export function wanted(text: string, more: Partial<SearchRequest> = {}): SearchRequest {
  const parsed = parseSearch(text, 0);
  if (parsed.outcome !== 'search') throw new Error(`${text} was refused: ${parsed.code}`);
  const { terms, has, after, before } = parsed.query;
  return { ...everything, terms, has, from: after, until: before, ...more };
}

/** Collects all pages of a search and checks each answer against the contract of the port. */
export async function searchAll(store: Store, user: UserId, request: SearchRequest): Promise<readonly Message[]> {
  const found: Message[] = [];
  let after: SearchPosition | null = request.after;
  for (let calls = 0; calls < 10_000; calls += 1) {
    const answer: SearchAnswer = await store.search(user, { ...request, after });
    expect(answer.hits.length).toBeLessThanOrEqual(request.limit);
    for (const hit of answer.hits) {
      if (after !== null) expect(compareSearchPositions(after, hit)).toBeLessThan(0);
      if (answer.next !== null) expect(compareSearchPositions(hit, answer.next)).toBeLessThanOrEqual(0);
    }
    found.push(...answer.hits);
    if (answer.next === null) return found;
    // An answer without hits may have only determined positions to continue from.
    const further = answer.hits.length === 0 ? 0 : -1;
    if (after !== null) expect(Math.sign(compareSearchPositions(after, answer.next))).toBeLessThanOrEqual(further);
    after = answer.next;
  }
  throw new Error('a search that never ends');
}

/** Returns the texts of all matches, newest first. */
export async function foundTexts(store: Store, user: UserId, request: SearchRequest): Promise<readonly string[]> {
  const found = await searchAll(store, user, request);
  return found.map(({ body }) => (body.kind === 'text' ? body.text : body.kind));
}
