import { useWords } from '../i18n/words.js';

/** Renders the line above the first unread message. It stays while the conversation is open. */
export function UnreadLine() {
  const words = useWords();
  return (
    <div className="new">
      <span>{words.newMessages}</span>
    </div>
  );
}
