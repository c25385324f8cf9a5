import { useState } from 'react';
import { codeOf } from '../app/backend.js';
import { useChat, useClient } from '../app/client-context.js';
import { Fill } from '../i18n/fill.js';
import { errorWords, sentence, useWords } from '../i18n/words.js';
import { Avatar } from '../look/avatar.js';
import { usePeople } from '../people/use-people.js';

/** People on this server whose name matches; choosing one opens the conversation with them. */
export function FoundPeople({
  query,
  onOpen,
}: {
  readonly query: string;
  readonly onOpen: (conversation: number) => void;
}) {
  const words = useWords();
  const client = useClient();
  const { conversations, me } = useChat();
  const { people, loading } = usePeople(query.trim());
  const [problem, setProblem] = useState<string | null>(null);
  const open = (peer: number) => {
    setProblem(null);
    client.createDirect(peer).then(onOpen, (error: unknown) => setProblem(codeOf(error)));
  };
  const listed = new Set(conversations.flatMap((entry) => (entry.peer === null ? [] : [entry.peer.id])));
  const others = people.filter((person) => person.id !== me.id && !listed.has(person.id));
  const wanted = query.trim().toLocaleLowerCase();
  const nothing = !conversations.some((entry) => entry.title.toLocaleLowerCase().includes(wanted));
  if (others.length === 0) {
    if (loading || !nothing) return null;
    return (
      <p className="quiet-list" role="status">
        <Fill sentence={words.nothingFor} query={<bdi>{query.trim()}</bdi>} />
      </p>
    );
  }
  return (
    <>
      <h2 className="section">{words.people}</h2>
      <p className="problem found-problem" role="alert">
        {problem !== null && sentence(errorWords(words, problem))}
      </p>
      <ul>
        {others.map((person) => (
          <li key={person.id}>
            <button type="button" className="conversation" onClick={() => open(person.id)}>
              <Avatar id={person.id} name={person.displayName} kind="person" />
              <div>
                <p className="name">
                  <span dir="auto">{person.displayName}</span>
                </p>
                <p className="last">
                  <bdi>{person.name}</bdi>
                </p>
              </div>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
