import { CircleAlert } from 'lucide-react';
import { Icon } from '../design/icon.js';
import { Fill } from '../i18n/fill.js';
import { errorWords, useWords } from '../i18n/words.js';

interface SendFailureProps {
  readonly code: string;
  readonly onRetry: () => void;
  /** `null` if the user cannot write any more. */
  readonly onEdit: (() => void) | null;
  readonly onDiscard: () => void;
}

/** Renders the reason below a message that was not sent, with buttons to retry, edit and discard it. */
export function SendFailure({ code, onRetry, onEdit, onDiscard }: SendFailureProps) {
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
