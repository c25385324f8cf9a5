import { useChat } from '@everywire/chat-react';
import { MessagesSquare, Pencil } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { goToConversation } from '../app/route.js';
import { useWords } from '../i18n/words.js';
import { Icon } from '../look/icon.js';
import { FoundMessages } from '../search/found-messages.js';
import { WireGlyph } from '../wire/wire-glyph.js';
import type { WireView } from '../wire/wire-view.js';
import { ConversationRows } from './conversation-rows.js';
import { FindBox } from './find-box.js';
import { FoundPeople } from './found-people.js';
import { ListFoot } from './list-foot.js';
import { moveFocus } from './move-focus.js';
import './conversations.css';
import './to-threads.css';

interface ConversationListProps {
  readonly open: number | null;
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
  wire,
  empty,
  onNew,
  onThreads,
  onSettings,
  onConnection,
}: ConversationListProps) {
  const words = useWords();
  const [query, setQuery] = useState('');
  const openFound = (id: number) => {
    setQuery('');
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
      <FindBox query={query} onQuery={setQuery} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys only move the focus between the links and buttons inside */}
      <div className="scroll" onKeyDown={onKeyDown}>
        <ConversationRows open={open} query={query} empty={empty} onPick={openFound} />
        {query.trim() !== '' && <FoundPeople query={query} onOpen={openFound} />}
        {query.trim() !== '' && <FoundMessages query={query.trim()} />}
      </div>
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
