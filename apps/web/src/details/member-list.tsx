import type { ConversationEntry, MemberEntry, Person } from '@everywire/chat-client';
import { type MembersView, useChat, useClient } from '@everywire/chat-react';
import { UserMinus } from 'lucide-react';
import { useState } from 'react';
import { Later } from '../app/later.js';
import { dotOf, type ShownPresence, usePresence } from '../app/presence.js';
import { useWords } from '../i18n/words.js';
import { Avatar } from '../look/avatar.js';
import { Icon } from '../look/icon.js';
import { confirmDialog } from './dialogs.js';
import { PresenceWords } from './presence-words.js';

/** Who is in the group, who owns it, who is here; the owner may remove the others. */
export function MemberList({ entry, members }: { readonly entry: ConversationEntry; readonly members: MembersView }) {
  const words = useWords();
  const client = useClient();
  const { me } = useChat();
  const [removing, setRemoving] = useState<Person | null>(null);
  const presence = usePresence(members.members.map((member) => member.person.id));
  const typing = new Set(entry.typing.map((person) => person.id));
  const mayRemove = members.members.some((member) => member.person.id === me.id && member.role === 'owner');
  return (
    <>
      <h3>
        {words.members}
        <span className="num">{entry.memberCount}</span>
      </h3>
      <ul>
        {members.members.map((member) => (
          <MemberRow
            key={member.person.id}
            member={member}
            own={member.person.id === me.id}
            presence={presence(member.person.id)}
            typing={typing.has(member.person.id)}
            onRemove={mayRemove && member.person.id !== me.id ? () => setRemoving(member.person) : null}
          />
        ))}
      </ul>
      {members.more && (
        <button type="button" className="text-button more-members" onClick={members.loadMore}>
          {words.moreMembers}
        </button>
      )}
      {removing !== null && (
        <Later
          of={confirmDialog}
          props={{
            title: words.removeTitle(removing.displayName),
            text: words.removeWords,
            act: words.remove,
            onAct: () => client.removeMember(entry.id, removing.id),
            onClose: () => setRemoving(null),
          }}
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
  readonly onRemove: (() => void) | null;
}

function MemberRow({ member, own, presence, typing, onRemove }: MemberRowProps) {
  const words = useWords();
  const { person, role } = member;
  return (
    <li className="person">
      <Avatar id={person.id} name={person.displayName} kind="person" size="person" dot={own ? null : dotOf(presence)} />
      <div>
        <bdi>{person.displayName}</bdi>
        <small>{memberLine()}</small>
      </div>
      <span>
        {role === 'owner' && words.owner}
        {onRemove !== null && (
          <button type="button" className="icon" aria-label={words.removeNamed(person.displayName)} onClick={onRemove}>
            <Icon of={UserMinus} size={16} />
          </button>
        )}
      </span>
    </li>
  );

  function memberLine() {
    if (own) return words.you;
    return typing && presence.state === 'online' ? words.typing : <PresenceWords presence={presence} />;
  }
}
