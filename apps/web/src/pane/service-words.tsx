import type { ConversationEntry, Person, ServiceChangeView } from '@everywire/chat-client';
import { useChat } from '@everywire/chat-react';
import { peopleNames } from '../app/people-names.js';
import { usePreferences } from '../design/preferences.js';
import { Fill } from '../i18n/fill.js';
import { useWords } from '../i18n/words.js';
import type { Words } from '../i18n/zh.js';

interface ServiceWordsProps {
  readonly who: Person | null;
  readonly own: boolean;
  readonly change: ServiceChangeView;
  /** The kind of the conversation. */
  readonly kind: ConversationEntry['kind'];
}

/** Renders the text of a service message in the user's language. */
export function ServiceWords({ who, own, change, kind }: ServiceWordsProps) {
  const words = useWords();
  const [{ language }] = usePreferences();
  const { me } = useChat();
  const people = peopleOf(change);
  const sentence = serviceSentence(change, kind, words);
  return (
    <Fill
      sentence={people.length > 2 ? sentence.replace('{people}', `$&${words.andOthers(people.length)}`) : sentence}
      who={<b dir="auto">{own ? words.youDid : (who?.displayName ?? '')}</b>}
      people={peopleNames(namedOf(people, me.id), language, me.id)}
      name={'name' in change ? <bdi>{change.name}</bdi> : null}
    />
  );
}

function peopleOf(change: ServiceChangeView): readonly Person[] {
  switch (change.change) {
    case 'created':
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

/** Of three or more people returns only one, the user if included; the sentence counts the others. */
function namedOf(people: readonly Person[], reader: number): readonly Person[] {
  const readerFirst = [...people].sort((a, b) => Number(b.id === reader) - Number(a.id === reader));
  return readerFirst.slice(0, people.length > 2 ? 1 : 2);
}

function serviceSentence(change: ServiceChangeView, kind: ConversationEntry['kind'], words: Words): string {
  switch (change.change) {
    case 'created':
      return change.people.length > 0 ? words.serviceCreatedWith : words.serviceCreated[kind];
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
