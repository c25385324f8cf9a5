import type { Person, ServiceChange } from '@everywire/chat-client';
import { PeopleNames } from '../app/people-names.js';
import { Fill } from '../i18n/fill.js';
import { useWords } from '../i18n/words.js';
import type { Words } from '../i18n/zh.js';

interface ServiceWordsProps {
  readonly who: Person | null;
  readonly own: boolean;
  readonly change: ServiceChange;
}

/** What a service message says, in the reader's language. */
export function ServiceWords({ who, own, change }: ServiceWordsProps) {
  const words = useWords();
  return (
    <Fill
      sentence={serviceSentence(change, words)}
      who={<b dir="auto">{own ? words.you : (who?.displayName ?? '')}</b>}
      people={'people' in change ? <PeopleNames people={change.people} /> : null}
      name={'name' in change ? <bdi>{change.name}</bdi> : null}
    />
  );
}

function serviceSentence(change: ServiceChange, words: Words): string {
  switch (change.change) {
    case 'created':
      return words.serviceCreated;
    case 'joined':
      return words.serviceJoined;
    case 'left':
      return words.serviceLeft;
    case 'added':
      return words.serviceAdded;
    case 'removed':
      return words.serviceRemoved;
    case 'renamed':
      return words.serviceRenamed;
  }
}
