import { usePreferences } from '../design/preferences.js';
import { useWords } from '../i18n/words.js';
import type { EmojiCompletion } from './use-emoji-completion.js';

/** Renders the emojis that match the typed name, above the field. The focus stays in the field, which refers to the active option. */
export function EmojiList({ completion }: { readonly completion: EmojiCompletion }) {
  const words = useWords().emojis;
  const [{ language }] = usePreferences();
  const { id, candidates, active, choose } = completion;
  if (candidates.length === 0) return null;
  return (
    <div className="mention-list" role="listbox" id={id} aria-label={words.suggested} tabIndex={-1}>
      {candidates.map((candidate, index) => (
        // The keys are handled by the field.
        // biome-ignore lint/a11y/useKeyWithClickEvents: see above
        <div
          key={candidate.emoji}
          role="option"
          id={`${id}-${index}`}
          aria-selected={index === active}
          tabIndex={-1}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => choose(candidate)}
        >
          <span aria-hidden="true">{candidate.emoji}</span>
          {candidate.names[language]}
        </div>
      ))}
    </div>
  );
}
