import { type KeyboardEvent, type RefObject, useEffect, useId, useState } from 'react';
import { type EmojiQuery, emojiQueryAt } from './emoji-query.js';
import { type Emoji, findEmojis, loadEmojis } from './emoji-set.js';

const SHOWN_MAX = 8;

/** State and actions of the emoji completion. */
export interface EmojiCompletion {
  readonly id: string;
  readonly candidates: readonly Emoji[];
  readonly active: number;
  /** Updates the completion after a change of the field's text or caret. */
  readonly look: () => void;
  readonly close: () => void;
  /** Handles a key. Returns true if the completion consumed it. */
  readonly onKeyDown: (event: KeyboardEvent) => boolean;
  readonly choose: (emoji: Emoji) => void;
}

/** Offers emojis while the user types a name such as `:smi`. `put` replaces the text from an index to the caret. */
export function useEmojiCompletion(
  field: RefObject<HTMLTextAreaElement | null>,
  put: (emoji: string, start: number) => void,
): EmojiCompletion {
  const id = useId();
  const [asked, setAsked] = useState<EmojiQuery | null>(null);
  const [active, setActive] = useState(0);
  /** The position of the colon whose list was dismissed. */
  const [dismissed, setDismissed] = useState<number | null>(null);
  const candidates = useFoundEmojis(asked?.start === dismissed ? null : (asked?.query ?? null));

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

/** Returns whether the key has no modifiers and is not part of a composition. */
function isPlain({ altKey, ctrlKey, metaKey, shiftKey, nativeEvent }: KeyboardEvent): boolean {
  return !(altKey || ctrlKey || metaKey || shiftKey || nativeEvent.isComposing);
}

/** Returns the matching emojis. Fetches the emojis with the first query, and again with the next query after a failure. */
function useFoundEmojis(query: string | null): readonly Emoji[] {
  const [emojis, setEmojis] = useState<readonly Emoji[]>([]);
  useEffect(() => {
    if (query === null || emojis.length > 0) return;
    loadEmojis().then(setEmojis, () => undefined);
  }, [query, emojis]);
  return query === null ? [] : findEmojis(emojis, query).slice(0, SHOWN_MAX);
}
