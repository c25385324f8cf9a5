import type { ConversationHit } from '@everywire/chat-client';
import { Avatar } from '../design/avatar.js';
import { scriptOf } from '../i18n/script-of.js';
import { useWords } from '../i18n/words.js';

interface FoundConversationsProps {
  readonly conversations: readonly ConversationHit[];
  readonly more: boolean;
  readonly onMore: () => void;
  readonly onOpen: (conversation: number) => void;
}

/** Renders conversations found by name that are not in the loaded list. Choosing one loads it. */
export function FoundConversations({ conversations, more, onMore, onOpen }: FoundConversationsProps) {
  const words = useWords();
  if (conversations.length === 0 && !more) return null;
  return (
    <section className="found-conversations" aria-label={words.search.olderConversations}>
      <h2 className="section">{words.search.olderConversations}</h2>
      <ul>
        {conversations.map((hit) => (
          <li key={hit.id}>
            <FoundConversation hit={hit} onPick={() => onOpen(hit.id)} />
          </li>
        ))}
      </ul>
      {more && (
        <button type="button" className="more-rows text-button" onClick={onMore}>
          {words.loadMore}
        </button>
      )}
    </section>
  );
}

function FoundConversation({ hit, onPick }: { readonly hit: ConversationHit; readonly onPick: () => void }) {
  const words = useWords();
  const { id, kind, title, picture, peer, memberCount } = hit;
  return (
    <button type="button" className="conversation" onClick={onPick}>
      <Avatar
        id={peer?.id ?? id}
        name={title}
        kind={kind === 'direct' ? 'person' : 'group'}
        picture={peer?.avatar ?? picture}
      />
      <div>
        <p className="name" lang={scriptOf(title)}>
          <span dir="auto">{title}</span>
        </p>
        <p className="last">
          {kind === 'group' && words.memberCount(memberCount)}
          {kind === 'channel' && words.readerCount(memberCount)}
          {peer !== null && <bdi>{peer.name}</bdi>}
        </p>
      </div>
    </button>
  );
}
