import { type KeyboardEvent, type RefObject, useEffect, useId, useState } from 'react';
import { type EmojiQuery, emojiQueryAt } from './emoji-query.js';
import { type Emoji, findEmojis, loadEmojis } from './emoji-set.js';

const shownMax = 8;

export interface EmojiCompletion {
  readonly id: string;
  readonly candidates: readonly Emoji[];
  readonly active: number;
  /** The field changed, or the caret in it. */
  readonly look: () => void;
  readonly close: () => void;
  /** True where the key was for the list. */
  readonly onKeyDown: (event: KeyboardEvent) => boolean;
  readonly choose: (emoji: Emoji) => void;
}

/**
 * Writing `:smi` offers emojis of that name.
 *
 * @param put replaces what was written from an index to the caret
 */
export function useEmojiCompletion(
  field: RefObject<HTMLTextAreaElement | null>,
  put: (emoji: string, start: number) => void,
): EmojiCompletion {
  const id = useId();
  const [asked, setAsked] = useState<EmojiQuery | null>(null);
  const [active, setActive] = useState(0);
  /** Where the colon stands whose list was put away. */
  const [dismissed, setDismissed] = useState<number | null>(null);
  const candidates = usePagedSearch(asked?.start === dismissed ? null : (asked?.query ?? null));

  const look = () => {
    const element = field.current;
    if (element === null) return;
    const { selectionStart, selectionEnd, value } = element;
    const next = selectionStart === selectionEnd ? emojiQueryAt(value, selectionStart) : null;
    if (next?.query !== asked?.query) setActive(0);
    if (next === null) setDismissed(null);
    setAsked(next);
  };
  const close = () => setAsked(null);
  const choose = ({ emoji }: Emoji) => {
    if (asked === null) return;
    close();
    put(emoji, asked.start);
  };
  const onKeyDown = (event: KeyboardEvent): boolean => {
    const candidate = candidates[active];
    if (candidate === undefined || !isPlain(event)) return false;
    if (event.key === 'Enter' || event.key === 'Tab') choose(candidate);
    else if (event.key === 'Escape') setDismissed(asked?.start ?? null);
    else if (event.key === 'ArrowDown') setActive((active + 1) % candidates.length);
    else if (event.key === 'ArrowUp') setActive((active + candidates.length - 1) % candidates.length);
    else return false;
    event.preventDefault();
    return true;
  };
  return { id, candidates, active, look, close, onKeyDown, choose };
}

/** A key by itself, which is not an input method's. */
function isPlain({ altKey, ctrlKey, metaKey, shiftKey, nativeEvent }: KeyboardEvent): boolean {
  return !(altKey || ctrlKey || metaKey || shiftKey || nativeEvent.isComposing);
}

/** Nothing until the emojis have come, which are fetched with the first query; where they fail, the next query asks again. */
function usePagedSearch(query: string | null): readonly Emoji[] {
  const [emojis, setEmojis] = useState<readonly Emoji[]>([]);
  useEffect(() => {
    if (query === null || emojis.length > 0) return;
    loadEmojis().then(setEmojis, () => undefined);
  }, [query, emojis]);
  return query === null ? [] : findEmojis(emojis, query).slice(0, shownMax);
}
