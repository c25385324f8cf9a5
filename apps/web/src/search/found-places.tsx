import { useChat } from '@everywire/chat-react';
import { FoundPeople } from '../conversations/found-people.js';
import { FoundConversations } from './found-conversations.js';
import { useConversations } from './use-conversations.js';

interface FoundPlacesProps {
  readonly query: string;
  readonly onOpen: (conversation: number) => void;
}

/** Renders the conversations not in the loaded list and the people that match by name, without duplicates. */
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
