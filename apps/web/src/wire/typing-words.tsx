import type { Person } from '@everywire/chat-client';
import { Fill } from '../i18n/fill.js';
import { useWords } from '../i18n/words.js';

/** Renders who is typing, in one line. Names are isolated from the direction of the sentence. */
export function TypingWords({ typing }: { readonly typing: readonly Person[] }) {
  const words = useWords();
  const [first] = typing;
  if (first === undefined) return null;
  const sentence = typing.length === 1 ? words.typesOne : words.typesMany(typing.length - 1);
  return <Fill sentence={sentence} name={<bdi>{first.displayName}</bdi>} />;
}
