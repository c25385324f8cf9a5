import { type FocusEvent, type PointerEvent, useState } from 'react';

/**
 * Whether the pointer or the focus is on a row, or a finger has tapped it, so that what it offers is drawn: most rows are only read.
 * `keep` holds it while a menu of it is open.
 */
export function useAtHand() {
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const [kept, keep] = useState(false);
  const events = {
    onPointerEnter: (event: PointerEvent) => {
      if (event.pointerType === 'mouse') setPointed(true);
    },
    onPointerLeave: () => setPointed(false),
    onFocus: () => setFocused(true),
    onBlur: (event: FocusEvent) => {
      const to = event.relatedTarget;
      if (!(to instanceof Node && event.currentTarget.contains(to))) setFocused(false);
    },
    onPointerUp: (event: PointerEvent) => {
      if (event.pointerType === 'touch') setPointed((before) => !before);
    },
  };
  return { near: pointed || focused || kept, keep, events };
}
