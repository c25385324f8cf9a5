import { Popover } from 'radix-ui';
import type { RefObject } from 'react';
import { useLayer } from '../app/use-layer.js';
import { useWords } from '../i18n/words.js';
import { EmojiPicker } from './emoji-picker.js';
import { addRecentEmoji } from './recent-emojis.js';
import './emoji-popover.css';

interface EmojiPopoverProps {
  /** The button next to which it opens. */
  readonly anchor: RefObject<HTMLButtonElement | null>;
  readonly onPick: (emoji: string) => void;
  readonly onClose: () => void;
  /** Moves the focus after closing. */
  readonly returnFocus: () => void;
}

/** Renders the emoji picker in a popover. Picking an emoji, Escape, Back and a press outside close it. */
export function EmojiPopover({ anchor, onPick, onClose, returnFocus }: EmojiPopoverProps) {
  const words = useWords().emojis;
  useLayer(onClose);
  const pick = (emoji: string) => {
    addRecentEmoji(emoji);
    onClose();
    onPick(emoji);
  };
  return (
    <Popover.Root open onOpenChange={(open) => !open && onClose()}>
      <Popover.Anchor virtualRef={anchor as RefObject<HTMLButtonElement>} />
      <Popover.Portal>
        <Popover.Content
          className="emoji-popover"
          aria-label={words.open}
          side="top"
          sideOffset={8}
          collisionPadding={12}
          onInteractOutside={(event) => {
            // The button itself toggles the popover.
            if (anchor.current?.contains(event.target as Node) === true) event.preventDefault();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            returnFocus();
          }}
        >
          <EmojiPicker onPick={pick} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
