import { Search, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useWords } from '../i18n/words.js';
import { Icon } from '../look/icon.js';

/** Narrows the list as one types. Ctrl or ⌘ and K come here from anywhere; Esc empties it, then leaves it. */
export function FindBox({ query, onQuery }: { readonly query: string; readonly onQuery: (query: string) => void }) {
  const words = useWords();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== 'k')
        return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  return (
    <div className="find">
      <Icon of={Search} size={16} />
      <input
        ref={field}
        type="text"
        value={query}
        onChange={(event) => onQuery(event.target.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Escape' && query !== '') {
            event.stopPropagation();
            onQuery('');
          } else if (event.key === 'ArrowDown') {
            event.preventDefault();
            event.currentTarget.closest('.list')?.querySelector<HTMLElement>('.conversation')?.focus();
          } else if (event.key === 'Enter' && query !== '') {
            event.currentTarget.closest('.list')?.querySelector<HTMLElement>('.conversation')?.click();
          }
        }}
        placeholder={words.find}
        aria-label={words.findConversations}
        autoComplete="off"
      />
      {query === '' ? (
        <kbd>{/Mac|iP/.test(navigator.platform) ? '⌘ K' : 'Ctrl K'}</kbd>
      ) : (
        <button type="button" aria-label={words.clearFind} onClick={() => onQuery('')}>
          <Icon of={X} size={14} />
        </button>
      )}
    </div>
  );
}
