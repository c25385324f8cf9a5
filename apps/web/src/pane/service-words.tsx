import type { ConversationEntry, Person, ServiceChange } from '@everywire/chat-client';
import { PeopleNames } from '../app/people-names.js';
import { Fill } from '../i18n/fill.js';
import { useWords } from '../i18n/words.js';
import type { Words } from '../i18n/zh.js';

interface ServiceWordsProps {
  readonly who: Person | null;
  readonly own: boolean;
  readonly change: ServiceChange;
  /** Of the conversation. */
  readonly kind: ConversationEntry['kind'];
}

/** What a service message says, in the reader's language. */
export function ServiceWords({ who, own, change, kind }: ServiceWordsProps) {
  const words = useWords();
  return (
    <Fill
      sentence={serviceSentence(change, kind, words)}
      who={<b dir="auto">{own ? words.you : (who?.displayName ?? '')}</b>}
      people={<PeopleNames people={peopleOf(change)} />}
      name={'name' in change ? <bdi>{change.name}</bdi> : null}
    />
  );
}

function peopleOf(change: ServiceChange): readonly Person[] {
  switch (change.change) {
    case 'added':
    case 'removed':
      return change.people;
    case 'role':
      return [change.person];
    case 'left':
      return change.owner === null ? [] : [change.owner];
    default:
      return [];
  }
}

function serviceSentence(change: ServiceChange, kind: ConversationEntry['kind'], words: Words): string {
  switch (change.change) {
    case 'created':
      return words.serviceCreated[kind];
    case 'joined':
      return words.serviceJoined;
    case 'left':
      return change.owner === null ? words.serviceLeft : words.serviceLeftTo;
    case 'role':
      return words.serviceRole[change.role];
    case 'settings':
      return words.serviceSettings;
    case 'added':
      return words.serviceAdded;
    case 'removed':
      return words.serviceRemoved;
    case 'renamed':
      return words.serviceRenamed;
    case 'picture':
      return change.set ? words.servicePictureSet : words.servicePictureRemoved;
    case 'deleted':
      return words.serviceDeleted;
    case 'recalled':
      return words.serviceRecalled;
  }
}
