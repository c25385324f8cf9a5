import { type ConversationEntry, isProvisional } from '@everywire/chat-client';
import type { MembersView } from '@everywire/chat-react';
import { ChevronLeft, PanelRight, Search } from 'lucide-react';
import { usePresence } from '../app/presence.js';
import { goBack } from '../app/route.js';
import { Icon } from '../design/icon.js';
import { PersonPresence } from '../details/presence-words.js';
import { scriptOf } from '../i18n/script-of.js';
import { useWords } from '../i18n/words.js';

interface PaneHeaderProps {
  readonly entry: ConversationEntry;
  readonly members: MembersView;
  readonly detailsShown: boolean;
  readonly onSearch: () => void;
  readonly onDetails: () => void;
}

/** Renders the header of the open conversation: title, presence, and the search and details buttons. */
export function PaneHeader({ entry, members, detailsShown, onSearch, onDetails }: PaneHeaderProps) {
  const words = useWords();
  return (
    <header className="pane-header">
      <button type="button" className="icon back" aria-label={words.back} onClick={goBack}>
        <Icon of={ChevronLeft} />
      </button>
      <div className="title">
        <h1 lang={scriptOf(entry.title)}>
          <bdi>{entry.title}</bdi>
        </h1>
        <p>
          {entry.kind === 'group' || entry.kind === 'channel' ? (
            <GroupLine entry={entry} members={members} />
          ) : (
            <DirectLine entry={entry} />
          )}
        </p>
      </div>
      {entry.member && !isProvisional(entry.id) && (
        <button
          type="button"
          className="icon"
          aria-label={words.search.searchHere}
          title={words.search.searchHere}
          onClick={onSearch}
        >
          <Icon of={Search} />
        </button>
      )}
      <button
        type="button"
        className="icon"
        aria-label={detailsShown ? words.hideDetails : words.showDetails}
        title={detailsShown ? words.hideDetails : words.showDetails}
        aria-pressed={detailsShown}
        onClick={onDetails}
      >
        <Icon of={PanelRight} />
      </button>
    </header>
  );
}

/** Renders the number of members, and of those online if all members are loaded and the connection is up. */
function GroupLine({ entry, members }: { readonly entry: ConversationEntry; readonly members: MembersView }) {
  const words = useWords();
  const ids = members.members.map((member) => member.person.id);
  const presence = usePresence(ids);
  const states = ids.map((id) => presence(id).state);
  const known = !members.more && states.length > 0 && states.every((state) => state === 'online' || state === 'away');
  const online = states.filter((state) => state === 'online').length;
  // A former member does not see how many members there are now.
  if (!entry.member) return null;
  return (
    <>
      {entry.kind === 'channel' ? words.readerCount(entry.memberCount) : words.memberCount(entry.memberCount)}
      {known && words.onlineCount(online)}
    </>
  );
}

function DirectLine({ entry }: { readonly entry: ConversationEntry }) {
  const words = useWords();
  if (entry.peer === null) return null;
  if (entry.typing.length > 0) return words.typing;
  return <PersonPresence person={entry.peer} />;
}
