import type { ConversationEntry } from '@everywire/chat-client';
import { useChat } from '@everywire/chat-react';
import { MessagesSquare, Pencil } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { LazyPart, lazyComponent } from '../app/lazy-component.js';
import { goToConversation } from '../app/route.js';
import { useLayer } from '../app/use-layer.js';
import { useSettled } from '../app/use-settled.js';
import { Icon } from '../design/icon.js';
import { useWords } from '../i18n/words.js';
import { SoundBar } from '../sound/sound-bar.js';
import { WireGlyph } from '../wire/wire-glyph.js';
import type { WireView } from '../wire/wire-view.js';
import { AllReadButton } from './all-read-button.js';
import { ConversationRows } from './conversation-rows.js';
import { FindBox, focusFind } from './find-box.js';
import { ListFooter } from './list-footer.js';
import { moveFocus } from './move-focus.js';
import './conversations.css';
import './to-threads.css';

const notificationOffer = lazyComponent(() =>
  import('../notifications/notification-offer.js').then((module) => module.NotificationOffer),
);
const searchResults = lazyComponent(() => import('../search/search-results.js').then((module) => module.SearchResults));
const noProps = {};

interface ConversationListProps {
  readonly open: number | null;
  /** The conversation to search in; `null` for all. */
  readonly within: ConversationEntry | null;
  readonly onWithin: (conversation: number | null) => void;
  /** True if no pane is next to the list, as on a phone. */
  readonly alone: boolean;
  readonly wire: WireView;
  /** Shown instead of the text for an empty list. */
  readonly empty: ReactNode;
  readonly onNew: () => void;
  readonly onThreads: () => void;
  readonly onSettings: () => void;
  readonly onConnection: () => void;
}

/** Renders the sidebar: the search field, the conversations (latest first) or the search results, and the footer. */
export function ConversationList({
  open,
  within,
  onWithin,
  alone,
  wire,
  empty,
  onNew,
  onThreads,
  onSettings,
  onConnection,
}: ConversationListProps) {
  const words = useWords();
  // Alone, the list is the page.
  const Brand = alone ? 'h1' : 'p';
  const [query, setQuery] = useState('');
  const wanted = query.trim();
  // On a phone with no conversation open, a search is a layer. With one open it is not, because Back leads from it to the list.
  const endSearch = () => {
    setQuery('');
    onWithin(null);
  };
  useLayer(endSearch, open === null && (query !== '' || within !== null));
  const openFound = (id: number) => {
    // On a phone the query is kept, so that Back leads from the conversation to the results.
    if (!alone) setQuery('');
    goToConversation(id);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => moveFocus(event, 'a.conversation, button.conversation');
  return (
    <nav className="list" aria-label={words.conversations}>
      <header>
        <Brand className="brand">
          <WireGlyph line="fine" />
          Everywire
        </Brand>
        <AllReadButton />
        <ThreadsButton onThreads={onThreads} />
        <button
          type="button"
          className="icon"
          aria-label={words.newConversation}
          title={words.newConversation}
          onClick={onNew}
        >
          <Icon of={Pencil} />
        </button>
      </header>
      <FindBox
        query={query}
        onQuery={setQuery}
        within={within?.title ?? null}
        onEverywhere={() => onWithin(null)}
        onHere={() => onWithin(open)}
      />
      <OfferOfNotifications />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys only move the focus between the links and buttons inside */}
      <div className="scroll" onKeyDown={onKeyDown}>
        {(within === null || wanted === '') && (
          <ConversationRows
            open={open}
            query={within === null ? query : ''}
            empty={empty}
            onPick={openFound}
            onSearch={(id) => {
              onWithin(id);
              focusFind();
            }}
          />
        )}
        {wanted !== '' && (
          <LazyPart of={searchResults} props={{ query: wanted, within: within?.id ?? null, onOpen: openFound }} />
        )}
      </div>
      <SoundBar />
      <ListFooter wire={wire} onSettings={onSettings} onConnection={onConnection} />
    </nav>
  );
}

/** Renders the offer to turn on notifications. It is not fetched before the conversations, which the user waits for. */
function OfferOfNotifications() {
  const { loading } = useChat();
  return useSettled(!loading) ? <LazyPart of={notificationOffer} props={noProps} /> : null;
}

/** Renders the button for the followed threads, with a dot if one has unread messages. */
function ThreadsButton({ onThreads }: { readonly onThreads: () => void }) {
  const words = useWords();
  const { conversations } = useChat();
  const unread = conversations.reduce((sum, entry) => sum + entry.threadsUnread, 0);
  const label = [words.messages.followedThreads, unread > 0 ? words.unreadCount(unread) : '']
    .filter(Boolean)
    .join(', ');
  return (
    <button
      type="button"
      className="icon to-threads"
      aria-label={label}
      title={label}
      data-unread={unread > 0}
      onClick={onThreads}
    >
      <Icon of={MessagesSquare} />
    </button>
  );
}
