import type { ConversationEntry, Person } from '@everywire/chat-client';
import type { MembersView } from '@everywire/chat-react';
import { X } from 'lucide-react';
import { useLayer } from '../app/use-layer.js';
import { Avatar } from '../design/avatar.js';
import { Icon } from '../design/icon.js';
import { scriptOf } from '../i18n/script-of.js';
import { useWords } from '../i18n/words.js';
import { DirectActions, GroupActions, MoreActionsButton } from './actions.js';
import { MemberList } from './member-list.js';
import { PersonPresence } from './presence-words.js';
import './details.css';

interface DetailsProps {
  readonly entry: ConversationEntry;
  readonly members: MembersView;
  /** Shown over the pane, with its own close button. */
  readonly over: boolean;
  readonly onClose: () => void;
  readonly onGroupWith: (person: Person) => void;
}

/** Renders the details of a conversation: its people and the actions on it. */
export function Details({ entry, members, over, onClose, onGroupWith }: DetailsProps) {
  const words = useWords();
  useLayer(onClose, over);
  const isInside = entry.member && (entry.kind === 'group' || entry.kind === 'channel');
  return (
    <aside
      className={over ? 'details over' : 'details'}
      aria-label={words.details}
      onKeyDown={(event) => {
        if (over && event.key === 'Escape' && !event.defaultPrevented) onClose();
      }}
    >
      {over && (
        <button
          type="button"
          className="icon details-close"
          aria-label={words.hideDetails}
          onClick={onClose}
          // Over the pane it takes the focus, so that Escape closes it and Tab stays inside.
          // biome-ignore lint/a11y/noAutofocus: the user opened it
          autoFocus
        >
          <Icon of={X} />
        </button>
      )}
      <div className="scroll">
        <div className="top">
          <Avatar
            id={entry.peer?.id ?? entry.id}
            name={entry.title}
            kind={entry.kind === 'direct' ? 'person' : 'group'}
            picture={entry.peer?.avatar ?? entry.picture}
            size="large"
          />
          <h2 dir="auto" lang={scriptOf(entry.title)}>
            {entry.title}
          </h2>
          <AboutLine entry={entry} />
        </div>
        {entry.peer !== null && <DirectActions entry={entry} peer={entry.peer} onGroupWith={onGroupWith} />}
        {entry.kind === 'notes' && (
          <div className="acts">
            <span />
            <MoreActionsButton entry={entry} />
          </div>
        )}
        {isInside && <GroupActions entry={entry} members={members} />}
        {isInside && <MemberList key={entry.id} entry={entry} members={members} />}
      </div>
    </aside>
  );
}

function AboutLine({ entry }: { readonly entry: ConversationEntry }) {
  const words = useWords();
  if (entry.peer !== null) return <PeerLine peer={entry.peer} />;
  if (entry.kind === 'notes') return <p>{words.notesHint}</p>;
  if (!entry.member) return null;
  return (
    <p>{entry.kind === 'channel' ? words.readerCount(entry.memberCount) : words.memberCount(entry.memberCount)}</p>
  );
}

function PeerLine({ peer }: { readonly peer: Person }) {
  return (
    <>
      <p>
        <bdi>{peer.name}</bdi>
        <br />
        <PersonPresence person={peer} />
      </p>
      {peer.status !== undefined && <p dir="auto">{peer.status}</p>}
    </>
  );
}
