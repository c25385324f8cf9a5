import type { ConversationEntry } from '@everywire/chat-client';
import { useChat } from '@everywire/chat-react';
import { MessagesSquare, Pencil } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { LazyPart, lazyComponent } from '../app/lazy-component.js';
import { goToConversation } from '../app/route.js';
import { useLayer } from '../app/use-layer.js';
import { useWords } from '../i18n/words.js';
import { Icon } from '../look/icon.js';
import { FoundMessages } from '../search/found-messages.js';
import { FoundPlaces } from '../search/found-places.js';
import { SoundBar } from '../sound/sound-bar.js';
import { WireGlyph } from '../wire/wire-glyph.js';
import type { WireView } from '../wire/wire-view.js';
import { AllReadButton } from './all-read-button.js';
import { ConversationRows } from './conversation-rows.js';
import { FindBox, focusFind } from './find-box.js';
import { ListFoot } from './list-foot.js';
import { moveFocus } from './move-focus.js';
import './conversations.css';
import './to-threads.css';

const notificationOffer = lazyComponent(() =>
  import('../notifications/notification-offer.js').then((module) => module.NotificationOffer),
);
const noProps = {};

interface ConversationListProps {
  readonly open: number | null;
  /** The conversation that is searched alone. */
  readonly within: ConversationEntry | null;
  readonly onWithin: (conversation: number | null) => void;
  /** There is no pane beside it, as on a phone. */
  readonly alone: boolean;
  readonly wire: WireView;
  /** Shown instead of the words for an empty list: on a phone there is no pane beside it. */
  readonly empty: ReactNode;
  readonly onNew: () => void;
  readonly onThreads: () => void;
  readonly onSettings: () => void;
  readonly onConnection: () => void;
}

/** All conversations, latest first; a find box that narrows them and looks among people and messages; and the foot. */
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
  const [query, setQuery] = useState('');
  const wanted = query.trim();
  // On a phone a search lies above the list. Beside a conversation it does not: Back leads from that to the list.
  const endSearch = () => {
    setQuery('');
    onWithin(null);
  };
  useLayer(endSearch, open === null && (query !== '' || within !== null));
  const openFound = (id: number) => {
    // Back leads from a conversation that lies above the list to what was found.
    if (!alone) setQuery('');
    goToConversation(id);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => moveFocus(event, 'a.conversation, button.conversation');
  return (
    <nav className="list" aria-label={words.conversations}>
      <header>
        <p className="brand">
          <WireGlyph line="fine" />
          Everywire
        </p>
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
      <LazyPart of={notificationOffer} props={noProps} />
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
        {within === null && wanted !== '' && <FoundPlaces query={wanted} onOpen={openFound} />}
        {wanted !== '' && <FoundMessages query={wanted} within={within?.id ?? null} />}
      </div>
      <SoundBar />
      <ListFoot wire={wire} onSettings={onSettings} onConnection={onConnection} />
    </nav>
  );
}

/** To the threads one follows; a point says that something is unread there. */
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
