import { type FocusEvent, type PointerEvent, useState } from 'react';

/**
 * Returns whether a row is hovered, focused or tapped, so that its tools are rendered only then. `keep` holds the state while the row's
 * menu is open.
 */
export function useToolsShown() {
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
