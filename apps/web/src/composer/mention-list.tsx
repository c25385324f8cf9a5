import { AtSign } from 'lucide-react';
import { Avatar } from '../design/avatar.js';
import { Icon } from '../design/icon.js';
import { useWords } from '../i18n/words.js';
import type { MentionPicker } from './use-mentions.js';

/** Renders the mention candidates above the field. The focus stays in the field, which refers to the active option. */
export function MentionList({ picker }: { readonly picker: MentionPicker }) {
  const words = useWords().messages;
  const { id, candidates, active, choose } = picker;
  if (candidates.length === 0) return null;
  return (
    <div className="mention-list" role="listbox" id={id} aria-label={words.call} tabIndex={-1}>
      {candidates.map((candidate, index) => (
        // The keys are handled by the field.
        // biome-ignore lint/a11y/useKeyWithClickEvents: see above
        <div
          key={candidate.person?.id ?? 'all'}
          role="option"
          id={`${id}-${index}`}
          aria-selected={index === active}
          tabIndex={-1}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => choose(candidate)}
        >
          {candidate.person === null ? (
            <span className="everybody">
              <Icon of={AtSign} size={16} />
            </span>
          ) : (
            <Avatar
              id={candidate.person.id}
              name={candidate.label}
              kind="person"
              picture={candidate.person.avatar}
              size="message"
            />
          )}
          <bdi>{candidate.label}</bdi>
          {candidate.person !== null && <small>{candidate.person.name}</small>}
        </div>
      ))}
    </div>
  );
}
