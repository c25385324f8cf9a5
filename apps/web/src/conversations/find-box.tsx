import { Search, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useWords } from '../i18n/words.js';
import { Icon } from '../look/icon.js';
import './find-box.css';

interface FindBoxProps {
  readonly query: string;
  readonly onQuery: (query: string) => void;
  /** The name of the conversation that is searched alone; `null`: all of them. */
  readonly within: string | null;
  /** Looks everywhere again. */
  readonly onEverywhere: () => void;
  /** Looks in the conversation that is open, where one is. */
  readonly onHere: () => void;
}

/**
 * Narrows the list as one types. Ctrl or ⌘ and K come here from anywhere, and once more look in the open conversation alone; Esc empties it, looks
 * everywhere again, then leaves it.
 */
export function FindBox({ query, onQuery, within, onEverywhere, onHere }: FindBoxProps) {
  const words = useWords();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== 'k')
        return;
      event.preventDefault();
      if (document.activeElement === field.current) onHere();
      field.current?.focus();
      field.current?.select();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [onHere]);
  return (
    <>
      <div className="find">
        <Icon of={Search} size={16} />
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
        {query === '' ? (
          <kbd>{/Mac|iP/.test(navigator.platform) ? '⌘ K' : 'Ctrl K'}</kbd>
        ) : (
          <button type="button" aria-label={words.clearFind} onClick={() => onQuery('')}>
            <Icon of={X} size={14} />
          </button>
        )}
      </div>
      {within !== null && (
        <p className="find-within">
          <bdi>{words.search.within(within)}</bdi>
          <button type="button" className="text-button" onClick={onEverywhere}>
            {words.search.everywhere}
          </button>
        </p>
      )}
    </>
  );
}

/** From a button or a menu elsewhere, once that has given the focus back and, on a phone, the list is shown. */
export function focusFind(): void {
  setTimeout(() => document.querySelector<HTMLElement>('.find input')?.focus(), 50);
}
