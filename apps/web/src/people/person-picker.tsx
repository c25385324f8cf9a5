import type { Person } from '@everywire/chat-client';
import { Check, X } from 'lucide-react';
import { useState } from 'react';
import { moveFocus } from '../conversations/move-focus.js';
import { Avatar } from '../design/avatar.js';
import { Icon } from '../design/icon.js';
import { Problem } from '../design/problem.js';
import { Fill } from '../i18n/fill.js';
import { useWords } from '../i18n/words.js';
import { useMatchingPeople } from './use-matching-people.js';
import './people.css';
import { FindField } from './find-field.js';

interface PersonPickerProps {
  readonly picked: readonly Person[];
  readonly onPicked: (picked: readonly Person[]) => void;
  /** Ids to omit: the user and people who are already included. */
  readonly without: ReadonlySet<number>;
  /** Another field comes first and has the focus. */
  readonly later?: boolean;
}

/** Renders a search for people, any number of whom can be selected. */
export function PersonPicker({ picked, onPicked, without, later = false }: PersonPickerProps) {
  const words = useWords();
  const [query, setQuery] = useState('');
  const toggle = (person: Person) => {
    const others = picked.filter((other) => other.id !== person.id);
    onPicked(others.length < picked.length ? others : [...picked, person]);
  };
  return (
    <div className="picker">
      {picked.length > 0 && <PickedPeople picked={picked} onUnpick={toggle} />}
      <FindField label={words.searchPeople} value={query} onChange={setQuery} later={later} />
      <Results query={query.trim()} picked={picked} without={without} onToggle={toggle} />
    </div>
  );
}

interface PickedPeopleProps {
  readonly picked: readonly Person[];
  readonly onUnpick: (person: Person) => void;
}

function PickedPeople({ picked, onUnpick }: PickedPeopleProps) {
  const words = useWords();
  return (
    <ul className="chips" aria-label={words.picked}>
      {picked.map((person) => (
        <li key={person.id}>
          <button
            type="button"
            className="chip"
            aria-label={words.unpick(person.displayName)}
            onClick={() => onUnpick(person)}
          >
            <bdi>{person.displayName}</bdi>
            <Icon of={X} size={14} />
          </button>
        </li>
      ))}
    </ul>
  );
}

interface ResultsProps {
  readonly query: string;
  readonly picked: readonly Person[];
  readonly without: ReadonlySet<number>;
  readonly onToggle: (person: Person) => void;
}

function Results({ query, picked, without, onToggle }: ResultsProps) {
  const words = useWords();
  const { people, more, loading, problem, loadMore, retry } = useMatchingPeople(query);
  const shown = people.filter((person) => !without.has(person.id));
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys only move the focus between the buttons inside
    <div className="scroll" onKeyDown={(event) => moveFocus(event, 'button.pick')}>
      <ul aria-label={words.people}>
        {shown.map((person) => (
          <li key={person.id}>
            <Result person={person} on={picked.some((other) => other.id === person.id)} onToggle={onToggle} />
          </li>
        ))}
      </ul>
      {more && (
        <button type="button" className="text-button more-rows" onClick={loadMore}>
          {words.morePeople}
        </button>
      )}
      {problem !== null && (
        <p className="hint">
          <Problem code={problem} onRetry={retry} />
        </p>
      )}
      {shown.length === 0 && !loading && problem === null && (
        <p className="quiet-list" role="status">
          {query === '' ? words.noOneYet : <Fill sentence={words.nothingFor} query={<bdi>{query}</bdi>} />}
        </p>
      )}
    </div>
  );
}

interface ResultProps {
  readonly person: Person;
  readonly on: boolean;
  readonly onToggle: (person: Person) => void;
}

function Result({ person, on, onToggle }: ResultProps) {
  return (
    <button type="button" className="pick" aria-pressed={on} onClick={() => onToggle(person)}>
      <Avatar id={person.id} name={person.displayName} kind="person" picture={person.avatar} size="person" />
      <span>
        <bdi>{person.displayName}</bdi>
        <small>
          <bdi>{person.name}</bdi>
        </small>
      </span>
      <span className="tick">{on && <Icon of={Check} size={16} />}</span>
    </button>
  );
}
