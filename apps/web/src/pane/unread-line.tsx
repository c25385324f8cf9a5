import { useWords } from '../i18n/words.js';

/** Stays where it is while the conversation is open; gone at the next visit. */
export function UnreadLine() {
  const words = useWords();
  return (
    <div className="new">
      <span>{words.newMessages}</span>
    </div>
  );
}
