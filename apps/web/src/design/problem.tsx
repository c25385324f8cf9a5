import { errorWords, isRetryable, sentence, useWords } from '../i18n/words.js';
import { usePasswordRange } from './password-rule.js';

interface ProblemProps {
  readonly code: string | null;
  /** Repeats what failed. Adds a button for codes with which that may help. */
  readonly onRetry?: (() => void) | undefined;
}

/** Renders the text of an error code as an alert, or an empty element. */
export function Problem({ code, onRetry }: ProblemProps) {
  const words = useWords();
  const passwordRange = usePasswordRange(code === 'password_invalid');
  const text = code === null ? null : sentence(passwordRange ?? errorWords(words, code));
  return (
    <span className="problem" role="alert">
      {text}
      {code !== null && onRetry !== undefined && isRetryable(code) && <RetryButton onRetry={onRetry} />}
    </span>
  );
}

/** Renders the button next to the text of a failure. */
export function RetryButton({ onRetry }: { readonly onRetry: () => void }) {
  return (
    <button type="button" className="text-button retry" onClick={onRetry}>
      {useWords().retry}
    </button>
  );
}
