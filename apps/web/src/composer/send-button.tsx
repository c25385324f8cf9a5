import { ArrowUp } from 'lucide-react';
import { Icon } from '../design/icon.js';
import { useWords } from '../i18n/words.js';

/** Renders the send button. It stays focusable while disabled. */
export function SendButton({ ready, onSend }: { readonly ready: boolean; readonly onSend: () => void }) {
  const words = useWords();
  return (
    <button
      type="button"
      className="send"
      aria-label={words.send}
      title={words.send}
      aria-disabled={!ready}
      // Keeps the focus in the field, and with it a phone's keyboard.
      onPointerDown={(event) => event.preventDefault()}
      onClick={onSend}
    >
      <Icon of={ArrowUp} />
    </button>
  );
}
