import type { Person } from '@everywire/chat-client';
import { Check, Search, X } from 'lucide-react';
import { useState } from 'react';
import { moveFocus } from '../conversations/move-focus.js';
import { Fill } from '../i18n/fill.js';
import { useWords } from '../i18n/words.js';
import { Avatar } from '../look/avatar.js';
import { Icon } from '../look/icon.js';
import { usePeople } from './use-people.js';
import './people.css';

interface PersonPickerProps {
  readonly picked: readonly Person[];
  readonly onPicked: (picked: readonly Person[]) => void;
  /** Left out: oneself, and who is there already. */
  readonly without: ReadonlySet<number>;
}

/** Find people by name and pick any number of them. */
export function PersonPicker({ picked, onPicked, without }: PersonPickerProps) {
  const words = useWords();
  const [query, setQuery] = useState('');
  const { people, more, loading, loadMore } = usePeople(query.trim());
  const shown = people.filter((person) => !without.has(person.id));
  const toggle = (person: Person) => {
    const without = picked.filter((other) => other.id !== person.id);
    onPicked(without.length < picked.length ? without : [...picked, person]);
  };
  return (
    <div className="picker">
      {picked.length > 0 && (
        <ul className="chips" aria-label={words.picked}>
          {picked.map((person) => (
            <li key={person.id}>
              <button
                type="button"
                className="chip"
                aria-label={words.unpick(person.displayName)}
                onClick={() => toggle(person)}
              >
                <bdi>{person.displayName}</bdi>
                <Icon of={X} size={14} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="find">
        <Icon of={Search} size={16} />
        <input
          type="text"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          placeholder={words.searchPeople}
          aria-label={words.searchPeople}
          autoComplete="off"
          // The dialog was opened to look for somebody.
          // biome-ignore lint/a11y/noAutofocus: the first control of a dialog
          autoFocus
        />
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys only move the focus between the buttons inside */}
      <div className="scroll" onKeyDown={(event) => moveFocus(event, 'button.pick')}>
        <ul>
          {shown.map((person) => {
            const on = picked.some((other) => other.id === person.id);
            return (
              <li key={person.id}>
                <button type="button" className="pick" aria-pressed={on} onClick={() => toggle(person)}>
                  <Avatar id={person.id} name={person.displayName} kind="person" size="person" />
                  <span>
                    <bdi>{person.displayName}</bdi>
                    <small>
                      <bdi>{person.name}</bdi>
                    </small>
                  </span>
                  <span className="tick">{on && <Icon of={Check} size={16} />}</span>
                </button>
              </li>
            );
          })}
        </ul>
        {more && (
          <button type="button" className="text-button more-rows" onClick={loadMore}>
            {words.morePeople}
          </button>
        )}
        {shown.length === 0 && !loading && (
          <p className="quiet-list" role="status">
            {query.trim() === '' ? (
              words.nobodyYet
            ) : (
              <Fill sentence={words.nothingFor} query={<bdi>{query.trim()}</bdi>} />
            )}
          </p>
        )}
      </div>
    </div>
  );
}
