import { CircleAlert } from 'lucide-react';
import { Fill } from '../i18n/fill.js';
import { errorWords, useWords } from '../i18n/words.js';
import { Icon } from '../look/icon.js';

interface TroubleProps {
  readonly code: string;
  readonly onRetry: () => void;
  /** `null` where nothing can be written any more. */
  readonly onEdit: (() => void) | null;
  readonly onDiscard: () => void;
}

/** Under a message that was not sent: why, and what one can do with it. */
export function Trouble({ code, onRetry, onEdit, onDiscard }: TroubleProps) {
  const words = useWords();
  return (
    <p className="trouble">
      <Icon of={CircleAlert} size={16} />
      <span role="alert">
        <Fill sentence={words.notSent} reason={errorWords(words, code)} />
      </span>
      <button type="button" onClick={onRetry}>
        {words.retry}
      </button>
      {onEdit !== null && (
        <button type="button" onClick={onEdit}>
          {words.edit}
        </button>
      )}
      <button type="button" onClick={onDiscard}>
        {words.discard}
      </button>
    </p>
  );
}
