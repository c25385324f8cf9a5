import { type MouseEvent, type PointerEvent, useRef, useState } from 'react';
import { type MenuPlace, placeAt } from '../look/menu-place.js';
import { useLongPress } from '../look/use-long-press.js';
import { useAtHand } from './use-at-hand.js';

/**
 * The menu of one message: opened by its button, which is drawn while the message is `near`, or, where `canOpen`, by the secondary
 * button, the menu key or a long press, instead of the browser's own menu and selection.
 */
export function useMessageMenu(canOpen: boolean) {
  const hand = useAtHand();
  const [place, setPlace] = useState<MenuPlace | null>(null);
  const show = (next: MenuPlace | null) => {
    setPlace(next);
    hand.keep(next !== null);
  };
  // What the menu itself holds is drawn elsewhere in the document, though its events come through the row.
  const find = (target: EventTarget) =>
    canOpen && target instanceof Element ? target.closest<HTMLElement>('[data-key]') : null;
  const press = useLongPress(find, (row, x, y) => show(placeAt(x, y, row)));
  /** Whether text was selected as the button went down: macOS selects the word under the pointer before the browser asks for a menu. */
  const wasSelected = useRef<boolean | null>(null);
  const events = {
    ...hand.events,
    ...press.handlers,
    onPointerDown: (event: PointerEvent) => {
      press.handlers.onPointerDown(event);
      wasSelected.current = isTextSelected();
    },
    onPointerUp: (event: PointerEvent) => {
      press.handlers.onPointerUp();
      hand.events.onPointerUp(event);
    },
    onContextMenu: (event: MouseEvent) => {
      if (press.intercept()) {
        event.preventDefault();
        return;
      }
      const isSelected = wasSelected.current ?? isTextSelected();
      wasSelected.current = null;
      const row = isSelected || wantsBrowserMenu(event) ? null : find(event.target);
      if (row === null) return;
      event.preventDefault();
      show(placeAt(event.clientX, event.clientY, row));
    },
  };
  return { near: canOpen && hand.near, place, open: show, close: () => show(null), events };
}

/** With Shift, and on a link or picture, the browser's own menu has what one looks for, as it has where text is selected. */
function wantsBrowserMenu({ shiftKey, target }: MouseEvent): boolean {
  return shiftKey || (target instanceof Element && target.closest('a, img, video, audio') !== null);
}

function isTextSelected(): boolean {
  return getSelection()?.isCollapsed === false;
}
