import type { AdministeredPerson } from '@everywire/chat-client';
import { useState } from 'react';
import { Problem } from '../design/problem.js';
import { FindField } from '../people/find-field.js';
import { usePeopleWords } from './people-words.js';
import { PersonItem } from './person-item.js';
import { useAdministeredPeople } from './use-administered-people.js';
import { usePeopleAdministration } from './use-people-administration.js';
import './people-settings.css';

/** Renders all accounts with their last use and the administrator's actions. */
export function PeopleSettings() {
  const words = usePeopleWords();
  const people = usePeopleAdministration();
  const [query, setQuery] = useState('');
  const [said, setSaid] = useState('');
  const { shown, more, loading, problem, loadMore, retry, change } = useAdministeredPeople(people, query);
  const onChange = (id: number, person: AdministeredPerson | null, done: string) => {
    change(id, person);
    setSaid(done);
  };
  return (
    <>
      <h3>{words.people}</h3>
      <FindField label={words.find} value={query} onChange={setQuery} />
      <p className="people-said" role="status">
        {said}
      </p>
      {!loading && shown.length === 0 && problem === null && <p>{words.none}</p>}
      <ul className="administered" aria-busy={loading}>
        {shown.map((person) => (
          <PersonItem key={person.id} person={person} onChange={(now, done) => onChange(person.id, now, done)} />
        ))}
      </ul>
      {more && (
        <button type="button" className="button" onClick={loadMore}>
          {words.loadMore}
        </button>
      )}
      <Problem code={problem} onRetry={retry} />
    </>
  );
}
