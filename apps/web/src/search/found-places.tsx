import { useChat } from '@everywire/chat-react';
import { FoundPeople } from '../conversations/found-people.js';
import { FoundConversations } from './found-conversations.js';
import { useConversations } from './use-conversations.js';

interface FoundPlacesProps {
  readonly query: string;
  readonly onOpen: (conversation: number) => void;
}

/** Conversations that the list has not loaded, and people, by their names; nobody twice. */
export function FoundPlaces({ query, onOpen }: FoundPlacesProps) {
  const { conversations } = useChat();
  const found = useConversations(query);
  const listed = new Set(conversations.map(({ id }) => id));
  const others = found.conversations.filter(({ id }) => !listed.has(id));
  const peers = others.flatMap(({ peer }) => (peer === null ? [] : [peer.id]));
  return (
    <>
      <FoundConversations conversations={others} more={found.more} onMore={found.loadMore} onOpen={onOpen} />
      <FoundPeople query={query} except={peers} onOpen={onOpen} />
    </>
  );
}
