import { useChat, useClient } from '@everywire/chat-react';
import { Pencil } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useMemo, useState } from 'react';
import { dotOf, usePresence } from '../app/presence.js';
import { goToConversation } from '../app/route.js';
import { useNow } from '../i18n/use-now.js';
import { useWords } from '../i18n/words.js';
import { Icon } from '../look/icon.js';
import { WireGlyph } from '../wire/wire-glyph.js';
import type { WireView } from '../wire/wire-view.js';
import { ConversationRow } from './conversation-row.js';
import { FindBox } from './find-box.js';
import { FoundPeople } from './found-people.js';
import { ListFoot } from './list-foot.js';
import { moveFocus } from './move-focus.js';
import './conversations.css';

interface ConversationListProps {
  readonly open: number | null;
  readonly wire: WireView;
  /** Shown instead of the words for an empty list: on a phone there is no pane beside it. */
  readonly empty: ReactNode;
  readonly onNew: () => void;
  readonly onSettings: () => void;
  readonly onConnection: () => void;
}

/** All conversations, latest first; a find box that narrows them and looks among people; and the foot. */
export function ConversationList({ open, wire, empty, onNew, onSettings, onConnection }: ConversationListProps) {
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
        <Rows open={open} query={query} empty={empty} onPick={openFound} />
        {query.trim() !== '' && <FoundPeople query={query} onOpen={openFound} />}
      </div>
      <ListFoot wire={wire} onSettings={onSettings} onConnection={onConnection} />
    </nav>
  );
}

interface RowsProps {
  readonly open: number | null;
  readonly query: string;
  readonly empty: ReactNode;
  readonly onPick: (id: number) => void;
}

function Rows({ open, query, empty, onPick }: RowsProps) {
  const words = useWords();
  const client = useClient();
  const { conversations, loading, moreConversations, me } = useChat();
  const now = useNow(60_000);
  const wanted = query.trim().toLocaleLowerCase();
  const shown = useMemo(
    () =>
      wanted === '' ? conversations : conversations.filter((entry) => entry.title.toLocaleLowerCase().includes(wanted)),
    [conversations, wanted],
  );
  const peers = shown.flatMap((entry) => (entry.peer === null ? [] : [entry.peer.id]));
  const presence = usePresence(peers);
  if (conversations.length === 0) {
    if (!loading && empty !== null) return empty;
    return (
      <p className="quiet-list">
        {loading ? words.listLoading : words.listEmpty}
        {!loading && <br />}
        {!loading && words.listEmptyAlone}
      </p>
    );
  }
  if (shown.length === 0) return null;
  // One row is the tab stop; arrows move between the rows.
  const stop = shown.some((entry) => entry.id === open) ? open : shown[0]?.id;
  return (
    <>
      <h2 className="section">{words.conversations}</h2>
      <ul>
        {shown.map((entry) => (
          <li key={entry.id}>
            <ConversationRow
              entry={entry}
              own={me.id}
              current={entry.id === open}
              tabStop={entry.id === stop}
              dot={entry.peer === null ? null : dotOf(presence(entry.peer.id))}
              now={now}
              onOpen={onPick}
            />
          </li>
        ))}
      </ul>
      {moreConversations && wanted === '' && (
        <button type="button" className="more-rows text-button" onClick={() => client.loadMoreConversations()}>
          {words.loadMore}
        </button>
      )}
    </>
  );
}
