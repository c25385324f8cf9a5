import { Smile } from 'lucide-react';
import { useRef, useState } from 'react';
import { LazyPart, lazyComponent } from '../app/lazy-component.js';
import { Icon } from '../design/icon.js';
import { useWords } from '../i18n/words.js';

const emojiPopover = lazyComponent(() => import('./emoji-popover.js').then((module) => module.EmojiPopover));

interface EmojiButtonProps {
  readonly onPick: (emoji: string) => void;
  /** Returns the focus to the text field. */
  readonly returnFocus: () => void;
}

/** Renders the button that opens the emoji picker next to the field. */
export function EmojiButton({ onPick, returnFocus }: EmojiButtonProps) {
  const words = useWords().emojis;
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        ref={button}
        type="button"
        className="attach"
        aria-label={words.open}
        title={words.open}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon of={Smile} />
      </button>
      {open && (
        <LazyPart of={emojiPopover} props={{ anchor: button, onPick, onClose: () => setOpen(false), returnFocus }} />
      )}
    </>
  );
}
