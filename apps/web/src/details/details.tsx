import type { ConversationEntry, Person } from '@everywire/chat-client';
import type { MembersView } from '@everywire/chat-react';
import { X } from 'lucide-react';
import { usePresence } from '../app/presence.js';
import { useLayer } from '../app/use-layer.js';
import { scriptOf } from '../i18n/script-of.js';
import { useWords } from '../i18n/words.js';
import { Avatar } from '../look/avatar.js';
import { Icon } from '../look/icon.js';
import { DirectActs, GroupActs, MoreActs } from './acts.js';
import { MemberList } from './member-list.js';
import { PresenceWords } from './presence-words.js';
import './details.css';

interface DetailsProps {
  readonly entry: ConversationEntry;
  readonly members: MembersView;
  /** Opened over the pane, it can be closed here too. */
  readonly over: boolean;
  readonly onClose: () => void;
  readonly onGroupWith: (person: Person) => void;
}

/** Who a conversation is with, who is in it, and what one can do about that. */
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
          // Opened over the pane it takes the focus, so that Esc closes it and Tab goes on inside.
          // biome-ignore lint/a11y/noAutofocus: it was opened on purpose
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
        {entry.peer !== null && <DirectActs entry={entry} peer={entry.peer} onGroupWith={onGroupWith} />}
        {entry.kind === 'notes' && (
          <div className="acts">
            <span />
            <MoreActs entry={entry} />
          </div>
        )}
        {isInside && <GroupActs entry={entry} members={members} />}
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
  const presence = usePresence([peer.id]);
  return (
    <>
      <p>
        <bdi>{peer.name}</bdi>
        <br />
        <PresenceWords presence={presence(peer.id)} />
      </p>
      {peer.status !== undefined && <p dir="auto">{peer.status}</p>}
    </>
  );
}
