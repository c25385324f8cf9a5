import { ArrowDown, CornerUpLeft } from 'lucide-react';
import { useRef } from 'react';
import { focusComposer, hasTouchKeyboard } from '../composer/focus-composer.js';
import { Icon } from '../design/icon.js';
import { useFocusOnRemoval } from '../design/use-focus-on-removal.js';
import { useWords } from '../i18n/words.js';
import type { ScrollPlace } from './scroll-memory.js';

function focusOwnComposer(button: HTMLElement): void {
  if (!hasTouchKeyboard()) focusComposer(button);
}

/** Renders the button that scrolls to the end, with the number of new messages below. */
export function JumpChip({ count, onJump }: { readonly count: number; readonly onJump: () => void }) {
  const words = useWords();
  const button = useRef<HTMLButtonElement>(null);
  useFocusOnRemoval(button, focusOwnComposer);
  return (
    <button
      ref={button}
      type="button"
      className="latest"
      aria-label={count > 0 ? words.toLatestCount(count) : words.toLatest}
      onClick={onJump}
    >
      {count > 0 && <span className="num">{count > 999 ? '999+' : count}</span>}
      <Icon of={ArrowDown} size={16} />
    </button>
  );
}

interface ReturnChipProps {
  readonly place: ScrollPlace;
  readonly onReturn: (place: ScrollPlace) => void;
  readonly onGone: () => void;
}

/** Renders the button that returns to the place before the jump to another message. */
export function ReturnChip({ place, onReturn, onGone }: ReturnChipProps) {
  const words = useWords().messages;
  return (
    <button
      type="button"
      className="latest return"
      onClick={(event) => {
        onReturn(place);
        onGone();
        if (!hasTouchKeyboard()) focusComposer(event.currentTarget);
      }}
    >
      <Icon of={CornerUpLeft} size={16} />
      {words.backToPlace}
    </button>
  );
}
