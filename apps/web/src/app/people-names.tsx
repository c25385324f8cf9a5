import type { Person } from '@everywire/chat-client';
import type { ReactNode } from 'react';
import type { Language } from '../design/preferences.js';
import { inLine } from '../i18n/fill.js';
import { wordsOf } from '../i18n/words.js';

/**
 * Returns names as a list in the user's language, each isolated from the text direction of its neighbours. @param reader the id of the
 * person who is shown as "you"
 */
export function peopleNames(people: readonly Person[], language: Language, reader?: number): ReactNode {
  const { youNamed } = wordsOf(language);
  const parts = new Intl.ListFormat(language, { type: 'conjunction' }).formatToParts(
    people.map((_, index) => `${index}`),
  );
  return inLine(
    parts.map((part) => {
      const person = part.type === 'element' ? people[Number(part.value)] : undefined;
      if (person === undefined) return part.value;
      return <bdi key={person.id}>{person.id === reader ? youNamed : person.displayName}</bdi>;
    }),
  );
}
