import { Popover } from 'radix-ui';
import type { RefObject } from 'react';
import { useLayer } from '../app/use-layer.js';
import { useWords } from '../i18n/words.js';
import { EmojiPicker } from './emoji-picker.js';
import { noteRecentEmoji } from './recent-emojis.js';
import './emoji-popover.css';

interface EmojiPopoverProps {
  /** The button that it opens beside. */
  readonly anchor: RefObject<HTMLButtonElement | null>;
  readonly onPick: (emoji: string) => void;
  readonly onClose: () => void;
  /** Where the focus goes when it closes. */
  readonly returnFocus: () => void;
}

/** The emoji picker in a popover. It closes with what is picked, with Esc or Back, and by a press outside. */
export function EmojiPopover({ anchor, onPick, onClose, returnFocus }: EmojiPopoverProps) {
  const words = useWords().emojis;
  useLayer(onClose);
  const pick = (emoji: string) => {
    noteRecentEmoji(emoji);
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
            // The button closes it by itself.
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
