import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { hasTouchKeyboard } from '../composer/focus-composer.js';
import { usePreferences } from '../design/preferences.js';
import { useWords } from '../i18n/words.js';
import { type Emoji, findEmojis, loadEmojis } from './emoji-set.js';
import { readRecentEmojis } from './recent-emojis.js';
import { stepInGrid } from './step-in-grid.js';
import './emoji-picker.css';

/** The number of emojis in a row, as in the style sheet. */
const COLUMNS = 8;
const FOUND_MAX = 80;

interface Section {
  readonly title: string;
  readonly emojis: readonly Emoji[];
}

interface EmojiPickerProps {
  readonly onPick: (emoji: string) => void;
}

/**
 * Renders all emojis by group, the recent ones first, with a search in Chinese and English. The arrow keys move through them from the
 * search field.
 */
export function EmojiPicker({ onPick }: EmojiPickerProps) {
  const words = useWords().emojis;
  const [query, setQuery] = useState('');
  const grid = useRef<HTMLDivElement>(null);
  const { emojis, failed, retry } = useEmojis();
  const sections = useSections(emojis, query);
  const onKeyDown = (event: KeyboardEvent) => {
    const buttons = [...(grid.current?.querySelectorAll('button') ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const inField = event.target instanceof HTMLInputElement;
    if (event.key === 'Enter') {
      pressOnEnter(event, buttons[inField ? 0 : at]);
      return;
    }
    // In the field, left and right move the caret.
    if (inField && event.key !== 'ArrowDown') return;
    const next = stepInGrid(at, event.key, gridRows(sections));
    if (next === null) return;
    event.preventDefault();
    if (next < 0) event.currentTarget.querySelector('input')?.focus();
    else buttons[next]?.focus();
  };
  return (
    // The keys are handled by the grid; each button has its own label.
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div className="emoji-picker" onKeyDown={onKeyDown}>
      <input
        type="search"
        // The user opened the picker to search, but a phone's keyboard would cover the emojis.
        // biome-ignore lint/a11y/noAutofocus: see above
        autoFocus={!hasTouchKeyboard()}
        value={query}
        placeholder={words.find}
        aria-label={words.find}
        onChange={(event) => setQuery(event.target.value)}
      />
      <div className="emoji-sections" ref={grid} aria-busy={emojis === null && !failed}>
        {failed && (
          <p role="alert">
            {words.failed}{' '}
            <button type="button" className="text-button" onClick={retry}>
              {words.again}
            </button>
          </p>
        )}
        {emojis !== null && sections.length === 0 && <p role="status">{words.noneFound}</p>}
        {sections.map((section) => (
          <EmojiSection key={section.title} section={section} onPick={onPick} />
        ))}
      </div>
    </div>
  );
}

/** Picks on key press. Picking may focus a text field, which would otherwise receive Enter as a new line. */
function pressOnEnter(event: KeyboardEvent, button: HTMLButtonElement | undefined): void {
  if (event.nativeEvent.isComposing) return;
  event.preventDefault();
  button?.click();
}

function EmojiSection({ section, onPick }: { readonly section: Section; readonly onPick: (emoji: string) => void }) {
  const [{ language }] = usePreferences();
  return (
    <section aria-label={section.title}>
      <h4>{section.title}</h4>
      <div className="emoji-grid">
        {section.emojis.map(({ emoji, names }) => (
          <button
            key={emoji}
            type="button"
            tabIndex={-1}
            aria-label={names[language]}
            title={names[language]}
            onClick={() => onPick(emoji)}
          >
            {emoji}
          </button>
        ))}
      </div>
    </section>
  );
}

/** Loads the emojis; `null` until they have loaded. */
function useEmojis(): {
  readonly emojis: readonly Emoji[] | null;
  readonly failed: boolean;
  readonly retry: () => void;
} {
  const [emojis, setEmojis] = useState<readonly Emoji[] | null>(null);
  const [failed, setFailed] = useState(false);
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt loads again
  useEffect(() => {
    let dropped = false;
    loadEmojis().then(
      (loaded) => dropped || setEmojis(loaded),
      () => dropped || setFailed(true),
    );
    return () => {
      dropped = true;
    };
  }, [tries]);
  const retry = () => {
    setFailed(false);
    setTries(tries + 1);
  };
  return { emojis, failed, retry };
}

function useSections(emojis: readonly Emoji[] | null, query: string): readonly Section[] {
  const words = useWords().emojis;
  // Read once when the picker opens, so that emojis do not move under the pointer.
  const [recent] = useState(readRecentEmojis);
  return useMemo(() => {
    if (emojis === null) return [];
    if (query.trim() !== '') {
      const found = findEmojis(emojis, query).slice(0, FOUND_MAX);
      return found.length === 0 ? [] : [{ title: words.found, emojis: found }];
    }
    const byEmoji = new Map(emojis.map((each) => [each.emoji, each]));
    const used = recent.flatMap((emoji) => byEmoji.get(emoji) ?? []);
    const groups = words.groups.map(([group, title]) => ({
      title,
      emojis: emojis.filter((each) => each.group === group),
    }));
    return [...(used.length === 0 ? [] : [{ title: words.recent, emojis: used }]), ...groups];
  }, [emojis, query, recent, words]);
}

/** Returns the number of emojis in each row of all sections. */
function gridRows(sections: readonly Section[]): readonly number[] {
  return sections.flatMap(({ emojis }) =>
    Array.from({ length: Math.ceil(emojis.length / COLUMNS) }, (_, row) =>
      Math.min(COLUMNS, emojis.length - row * COLUMNS),
    ),
  );
}
