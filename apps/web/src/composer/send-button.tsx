import { ArrowUp } from 'lucide-react';
import { useWords } from '../i18n/words.js';
import { Icon } from '../look/icon.js';

export function SendButton({ ready, onSend }: { readonly ready: boolean; readonly onSend: () => void }) {
  const words = useWords();
  return (
    <button
      type="button"
      className="send"
      aria-label={words.send}
      title={words.send}
      aria-disabled={!ready}
      // The caret stays in the field, and with it the keyboard of a phone.
      onPointerDown={(event) => event.preventDefault()}
      onClick={onSend}
    >
      <Icon of={ArrowUp} />
    </button>
  );
}
