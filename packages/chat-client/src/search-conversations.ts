import type { Entry } from '@everywire/chat';
import type { Engine } from './engine.js';
import { pictureAddress } from './picture-address.js';
import { searchUntilEnough } from './search-asking-on.js';
import type { ConversationHit, ConversationSearchOptions, ConversationsFound } from './search-found.js';

/** Finds conversations by a part of their names. */
export async function findConversations(
  engine: Engine,
  query: string,
  { after = null, signal }: ConversationSearchOptions,
): Promise<ConversationsFound> {
  const { hits, next } = await searchUntilEnough({
    from: after,
    signal,
    ask: async (from: ConversationsFound['next']) => {
      const answer = await engine.ask({ command: 'findConversations', query, after: from });
      return { hits: answer.entries, next: answer.next };
    },
  });
  return { conversations: await viewConversations(engine, hits), next };
}

/**
 * Returns conversations by id, from the list if it has loaded them, otherwise from the server. Omits those that cannot
 * be fetched, because a found message is useful even without the name of its conversation.
 */
export async function placesOf(engine: Engine, ids: readonly number[]): Promise<ReadonlyMap<number, ConversationHit>> {
  const wanted = new Set(ids);
  const held = (engine.core?.entries() ?? [])
    .map(({ entry }) => entry)
    .filter((entry) => wanted.has(entry.conversation));
  for (const { conversation } of held) wanted.delete(conversation);
  const requests = [...wanted].map((conversation) =>
    engine.ask({ command: 'entry', conversation }).then(
      ({ entry }) => entry,
      () => null,
    ),
  );
  const entries = [...held, ...(await Promise.all(requests))].filter((entry) => entry !== null);
  const places = await viewConversations(engine, entries);
  return new Map(places.map((place) => [place.id, place]));
}

async function viewConversations(engine: Engine, entries: readonly Entry[]): Promise<readonly ConversationHit[]> {
  const peers = await engine.people.fetch(entries.flatMap(({ peer }) => (peer === null ? [] : [peer.user])));
  const byId = new Map(peers.map((person) => [person.id, person]));
  return entries.map(({ conversation, kind, name, picture, peer, memberCount }) => {
    const person = peer === null ? null : (byId.get(peer.user) ?? null);
    const shown = { title: person?.displayName ?? name, picture: pictureAddress(picture) };
    return { id: conversation, kind, ...shown, peer: person, memberCount };
  });
}
