import type { ConversationEntry, MemberEntry, Person } from '@everywire/chat-client';
import { type MembersView, useChat } from '@everywire/chat-react';
import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import { LazyPart } from '../app/lazy-component.js';
import { dotOf, type ShownPresence, usePresence } from '../app/presence.js';
import { useBackgroundAction } from '../app/use-background-action.js';
import { useNameMatch } from '../app/use-name-match.js';
import { useRowMenu } from '../conversations/use-row-menu.js';
import { Avatar } from '../design/avatar.js';
import { Icon } from '../design/icon.js';
import { Problem } from '../design/problem.js';
import { useWords } from '../i18n/words.js';
import { memberMenu, profileDialog } from './dialogs.js';
import { sortMembers } from './member-order.js';
import { PresenceWords } from './presence-words.js';
import { useMoreMembers } from './use-more-members.js';

interface MemberListProps {
  readonly entry: ConversationEntry;
  readonly members: MembersView;
}

/** The number of members from which a search field is shown. */
const FIND_FROM = 10;
/** The maximum number of results shown; a longer query narrows them. */
const FOUND_MAX = 50;

/** Renders the members of a group with their roles and presence, each with a menu of actions. */
export function MemberList({ entry, members }: MemberListProps) {
  const words = useWords();
  const { me } = useChat();
  const [problem, run] = useBackgroundAction();
  const [query, setQuery] = useState('');
  const rowMenu = useRowMenu('data-member');
  const [profile, setProfile] = useState<Person | null>(null);
  const searching = query.trim() !== '';
  const beyond = useMoreMembers(entry, members, searching);
  const known = searching ? [...sortMembers(members), ...beyond.members] : sortMembers(members);
  const matches = useNameMatch(query);
  const found = known.filter(({ person }) => matches(person.displayName, person.name) !== null);
  const shown = searching ? found.slice(0, FOUND_MAX) : known;
  const presence = usePresence(shown.map((member) => member.person.id));
  const typing = new Set(entry.typing.map((person) => person.id));
  const chosen = known.find((member) => member.person.id === rowMenu.menu?.id);
  const hasMenu = (member: MemberEntry) => member.person.id !== me.id;
  return (
    <>
      <h3>
        {words.members}
        <span className="num">{entry.memberCount}</span>
      </h3>
      <p className="found-problem">
        <Problem code={problem ?? beyond.problem} />
      </p>
      {members.members.length >= FIND_FROM && (
        <div className="find member-find">
          <input
            type="text"
            value={query}
            onChange={(event) => setQuery(event.target.value)}
            placeholder={words.searchPeople}
            aria-label={words.searchMembers}
            autoComplete="off"
          />
        </div>
      )}
      <ul aria-label={words.members} {...rowMenu.handlers}>
        {shown.map((member) => (
          <MemberRow
            key={member.person.id}
            member={member}
            own={!hasMenu(member)}
            presence={presence(member.person.id)}
            typing={typing.has(member.person.id)}
            onMenu={rowMenu.openAt}
            onProfile={setProfile}
          />
        ))}
      </ul>
      {members.more && !searching && (
        <button type="button" className="text-button more-members" onClick={members.loadMore}>
          {words.moreMembers}
        </button>
      )}
      <p className="members-looked" role="status">
        {searching && (beyond.looking || shown.length === 0) && words.membersLooked(known.length, entry.memberCount)}
      </p>
      {beyond.problem !== null && (
        <button type="button" className="text-button more-members" onClick={beyond.again}>
          {words.searchMoreMembers(known.length)}
        </button>
      )}
      {profile !== null && <LazyPart of={profileDialog} props={{ person: profile, onClose: () => setProfile(null) }} />}
      {rowMenu.menu !== null && chosen !== undefined && (
        <LazyPart
          of={memberMenu}
          props={{ entry, member: chosen, place: rowMenu.menu.place, run, onClose: rowMenu.close }}
        />
      )}
    </>
  );
}

interface MemberRowProps {
  readonly member: MemberEntry;
  readonly own: boolean;
  readonly presence: ShownPresence;
  readonly typing: boolean;
  readonly onMenu: (id: number, at: HTMLElement) => void;
  readonly onProfile: (person: Person) => void;
}

function MemberRow({ member, own, presence, typing, onMenu, onProfile }: MemberRowProps) {
  const words = useWords();
  const { person, role } = member;
  return (
    <li className="person" data-member={own ? undefined : person.id}>
      <button type="button" className="person-name" aria-haspopup="dialog" onClick={() => onProfile(person)}>
        <Avatar
          id={person.id}
          name={person.displayName}
          kind="person"
          picture={person.avatar}
          size="person"
          dot={own ? null : dotOf(presence)}
        />
        <span>
          <bdi>{person.displayName}</bdi>
          <small>{memberLine()}</small>
          {person.status !== undefined && <small dir="auto">{person.status}</small>}
        </span>
      </button>
      <span className="role">{role !== 'member' && words.roles[role]}</span>
      {own ? (
        <span />
      ) : (
        <button
          type="button"
          className="icon"
          aria-label={words.memberMenu(person.displayName)}
          aria-haspopup="menu"
          onClick={(event) => onMenu(person.id, event.currentTarget)}
        >
          <Icon of={Ellipsis} size={16} />
        </button>
      )}
    </li>
  );

  function memberLine() {
    if (own) return words.you;
    return typing && presence.state === 'online' ? words.typing : <PresenceWords presence={presence} />;
  }
}
