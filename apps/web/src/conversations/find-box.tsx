import { Search, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Icon } from '../design/icon.js';
import { useWords } from '../i18n/words.js';
import './find-box.css';

interface FindBoxProps {
  readonly query: string;
  readonly onQuery: (query: string) => void;
  /** The name of the conversation to search in; `null` for all. */
  readonly within: string | null;
  /** Searches everywhere again. */
  readonly onEverywhere: () => void;
  /** Searches in the open conversation, if there is one. */
  readonly onHere: () => void;
}

/**
 * Renders the search field that filters the list. Ctrl+K or ⌘K focuses it; pressed again, it searches in the open conversation only, and
 * once more everywhere. Escape clears the query, then the restriction to a conversation, then leaves the field.
 */
export function FindBox({ query, onQuery, within, onEverywhere, onHere }: FindBoxProps) {
  const words = useWords();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== 'k')
        return;
      event.preventDefault();
      if (within !== null) onEverywhere();
      else if (document.activeElement === field.current) onHere();
      field.current?.focus();
      field.current?.select();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [within, onHere, onEverywhere]);
  return (
    <div className="find">
      <Icon of={Search} size={16} />
      {within !== null && (
        <button type="button" className="find-within" title={words.search.everywhere} onClick={onEverywhere}>
          <bdi>{words.search.within(within)}</bdi>
          <Icon of={X} size={14} />
        </button>
      )}
      <input
        ref={field}
        type="text"
        value={query}
        onChange={(event) => onQuery(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && (query !== '' || within !== null)) {
            event.stopPropagation();
            if (query === '') onEverywhere();
            onQuery('');
          } else if (event.key === 'ArrowDown') {
            event.preventDefault();
            event.currentTarget.closest('.list')?.querySelector<HTMLElement>('.conversation')?.focus();
          } else if (event.key === 'Enter' && query !== '') {
            event.currentTarget.closest('.list')?.querySelector<HTMLElement>('.conversation')?.click();
          }
        }}
        placeholder={within === null ? words.find : words.search.findHere}
        aria-label={within === null ? words.findConversations : words.search.within(within)}
        autoComplete="off"
      />
      {query === '' && within === null ? (
        <kbd>{/Mac|iP/.test(navigator.platform) ? '⌘ K' : 'Ctrl K'}</kbd>
      ) : (
        query !== '' && (
          <button type="button" aria-label={words.clearFind} onClick={() => onQuery('')}>
            <Icon of={X} size={14} />
          </button>
        )
      )}
    </div>
  );
}

/**
 * Focuses the search field from a button or menu elsewhere. Deferred until that has returned the focus and, on a phone, the list is shown.
 */
export function focusFind(): void {
  setTimeout(() => document.querySelector<HTMLElement>('.find input')?.focus(), 50);
}
