import type { Person } from '@everywire/chat-client';
import { useChat, useClient } from '@everywire/chat-react';
import { Avatar } from '../design/avatar.js';
import { useWords } from '../i18n/words.js';
import { useMatchingPeople } from '../people/use-matching-people.js';

interface FoundPeopleProps {
  readonly query: string;
  /** Ids of people who are shown already. */
  readonly except: readonly number[];
  readonly onOpen: (conversation: number) => void;
}

/** Renders the people on this server whose name matches. Choosing one opens the direct conversation. */
export function FoundPeople({ query, except, onOpen }: FoundPeopleProps) {
  const words = useWords();
  const client = useClient();
  const { conversations, me } = useChat();
  const { people } = useMatchingPeople(query.trim());
  const listed = new Set([
    ...except,
    ...conversations.flatMap((entry) => (entry.peer === null ? [] : [entry.peer.id])),
  ]);
  const others = people.filter((person) => person.id !== me.id && !listed.has(person.id));
  if (others.length === 0) return null;
  return (
    <>
      <h2 className="section">{words.people}</h2>
      <ul>
        {others.map((person) => (
          <li key={person.id}>
            <FoundPerson person={person} onPick={() => onOpen(client.direct(person.id))} />
          </li>
        ))}
      </ul>
    </>
  );
}

function FoundPerson({ person, onPick }: { readonly person: Person; readonly onPick: () => void }) {
  return (
    <button type="button" className="conversation" onClick={onPick}>
      <Avatar id={person.id} name={person.displayName} kind="person" picture={person.avatar} />
      <div>
        <p className="name">
          <span dir="auto">{person.displayName}</span>
        </p>
        <p className="last">
          <bdi>{person.name}</bdi>
        </p>
      </div>
    </button>
  );
}
