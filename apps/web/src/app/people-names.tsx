import type { Person } from '@everywire/chat-client';
import { Fragment } from 'react';
import { usePreferences } from '../look/preferences.js';

/** Names as a list in the reader's language, each kept apart from the direction of its neighbours. */
export function PeopleNames({ people }: { readonly people: readonly Person[] }) {
  const [{ language }] = usePreferences();
  const parts = new Intl.ListFormat(language, { type: 'conjunction' }).formatToParts(
    people.map((_, index) => `${index}`),
  );
  return parts.map((part, index) => {
    const person = part.type === 'element' ? people[Number(part.value)] : undefined;
    // The parts of one list never change places.
    // biome-ignore lint/suspicious/noArrayIndexKey: position is identity here
    return <Fragment key={index}>{person === undefined ? part.value : <bdi>{person.displayName}</bdi>}</Fragment>;
  });
}
