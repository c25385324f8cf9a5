import { type ConversationEntry, isProvisional } from '@everywire/chat-client';
import { useClient } from '@everywire/chat-react';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { LazyPart, lazyComponent } from '../app/lazy-component.js';
import { dotOf, usePresence } from '../app/presence.js';
import { useUndo } from '../app/undo.js';
import { useBackgroundAction } from '../app/use-background-action.js';
import { useConversationMatch } from '../app/use-name-match.js';
import { useNamedChat } from '../app/use-named-chat.js';
import { Icon } from '../design/icon.js';
import { LoadingText } from '../design/loading-text.js';
import { Problem } from '../design/problem.js';
import { useFocusOnRemoval } from '../design/use-focus-on-removal.js';
import { useNow } from '../i18n/use-now.js';
import { useWords } from '../i18n/words.js';
import { waitingCount } from './badge.js';
import { ConversationRow } from './conversation-row.js';
import { keepRowFocus } from './keep-row-focus.js';
import { useRowMenu } from './use-row-menu.js';

/** The conversation menu, loaded on demand. */
export const conversationMenu = lazyComponent(() =>
  import('./conversation-menu.js').then((module) => module.ConversationMenu),
);

interface ConversationRowsProps {
  readonly open: number | null;
  readonly query: string;
  readonly empty: ReactNode;
  readonly onPick: (id: number) => void;
  /** Starts a search in the conversation. */
  readonly onSearch: (id: number) => void;
}

/** Renders the conversations, or those that match the query: pinned ones first, archived ones at the end behind a button. */
export function ConversationRows({ open, query, empty, onPick, onSearch }: ConversationRowsProps) {
  const words = useWords();
  const { conversations: known, loading, me } = useNamedChat();
  const { isLeaving } = useUndo();
  const conversations = useMemo(() => known.filter((entry) => !isLeaving(entry)), [known, isLeaving]);
  const now = useNow(60_000);
  const [problem, run] = useBackgroundAction();
  const rowMenu = useRowMenu('data-conversation');
  const [archiveOpen, setArchiveOpen] = useState(false);
  const searching = query.trim() !== '';
  const matches = useConversationMatch(query);
  const shown = useMemo(() => conversations.filter(matches), [conversations, matches]);
  const presence = usePresence(shown.flatMap((entry) => (entry.peer === null ? [] : [entry.peer.id])));
  // During a search, the results for people and messages take the place of the first-run page.
  if (conversations.length === 0 && !searching) return <NoRows loading={loading} empty={empty} />;
  if (shown.length === 0) return null;
  const { pinned, normal, archived } = sectionsOf(shown, searching);
  const menuEntry = conversations.find((entry) => entry.id === rowMenu.menu?.id && !isProvisional(entry.id));
  // Only one row is a tab stop; the arrow keys move between the rows.
  const stop = shown.some((entry) => entry.id === open && entry.place !== 'archived') ? open : shown[0]?.id;
  const rows = (entries: readonly ConversationEntry[]) => (
    <ul {...rowMenu.handlers}>
      {entries.map((entry) => (
        <RowItem key={entry.id}>
          <ConversationRow
            entry={entry}
            own={me.id}
            current={entry.id === open}
            tabStop={entry.id === stop}
            dot={entry.peer === null || entry.peer.state === 'deleted' ? null : dotOf(presence(entry.peer.id))}
            now={now}
            onOpen={onPick}
            onMenu={rowMenu.openAt}
          />
        </RowItem>
      ))}
    </ul>
  );
  return (
    <>
      <p className="found-problem">
        <Problem code={problem} />
      </p>
      {pinned.length > 0 && <h2 className="section">{words.pinnedSection}</h2>}
      {pinned.length > 0 && rows(pinned)}
      {normal.length > 0 && <h2 className="section">{words.conversations}</h2>}
      {normal.length > 0 && rows(normal)}
      {!searching && <MoreRows />}
      {archived.length > 0 && (
        <ArchiveButton
          entries={archived}
          now={now}
          open={archiveOpen}
          onToggle={() => setArchiveOpen((before) => !before)}
        />
      )}
      {archiveOpen && archived.length > 0 && rows(archived)}
      {rowMenu.menu !== null && menuEntry !== undefined && (
        <LazyPart
          of={conversationMenu}
          props={{ entry: menuEntry, place: rowMenu.menu.place, run, onSearch, onClose: rowMenu.close }}
        />
      )}
    </>
  );
}

function RowItem({ children }: { readonly children: ReactNode }) {
  const item = useRef<HTMLLIElement>(null);
  useFocusOnRemoval(item, keepRowFocus);
  return (
    <li className="conversation-item" ref={item}>
      {children}
    </li>
  );
}

/** Splits the conversations into sections. A search returns all matches in one section, archived ones included. */
function sectionsOf(entries: readonly ConversationEntry[], searching: boolean) {
  const of = (place: ConversationEntry['place']) => entries.filter((entry) => entry.place === place);
  if (searching) return { pinned: [], normal: entries, archived: [] };
  return { pinned: of('pinned'), normal: of('normal'), archived: of('archived') };
}

function NoRows({ loading, empty }: { readonly loading: boolean; readonly empty: ReactNode }) {
  const words = useWords();
  if (!loading && empty !== null) return empty;
  return <p className="quiet-list">{loading ? <LoadingText text={words.listLoading} /> : words.listEmpty}</p>;
}

function MoreRows() {
  const words = useWords();
  const client = useClient();
  const { moreConversations } = useNamedChat();
  if (!moreConversations) return null;
  return (
    <button type="button" className="more-rows text-button" onClick={() => client.loadMoreConversations()}>
      {words.loadMore}
    </button>
  );
}

interface ArchiveButtonProps {
  readonly entries: readonly ConversationEntry[];
  readonly now: number;
  readonly open: boolean;
  readonly onToggle: () => void;
}

/** Renders the button that opens and closes the archive, with a mark if the user is mentioned in it. */
function ArchiveButton({ entries, now, open, onToggle }: ArchiveButtonProps) {
  const words = useWords();
  const calls = waitingCount(entries, now);
  return (
    <button type="button" className="archive" aria-expanded={open} onClick={onToggle}>
      <Icon of={open ? ChevronDown : ChevronRight} size={16} />
      {words.archivedCount(entries.length)}
      {calls > 0 && (
        <span className="count call">
          <span aria-hidden="true">@</span>
          <span className="hide">{words.calledMark}</span>
        </span>
      )}
    </button>
  );
}
