import { type MouseEvent, type PointerEvent, useRef, useState } from 'react';
import { type MenuPlace, placeAt } from '../design/menu-place.js';
import { useLongPress } from '../design/use-long-press.js';
import { useToolsShown } from './use-tools-shown.js';

/**
 * Manages the menu of one message: opened by its button, which is rendered while the message is `near`, or, if `canOpen`, by the secondary
 * button, the menu key or a long press in place of the browser's menu.
 */
export function useMessageMenu(canOpen: boolean) {
  const tools = useToolsShown();
  const [place, setPlace] = useState<MenuPlace | null>(null);
  const show = (next: MenuPlace | null) => {
    setPlace(next);
    tools.keep(next !== null);
  };
  // Events from the menu itself bubble through React to the row, although its elements are elsewhere in the document.
  const find = (target: EventTarget) =>
    canOpen && target instanceof Element ? target.closest<HTMLElement>('[data-key]') : null;
  const press = useLongPress(find, (row, x, y) => show(placeAt(x, y, row)));
  /** Whether text was selected at the pointer press: macOS selects the word under the pointer before the context menu event. */
  const wasSelected = useRef<boolean | null>(null);
  const events = {
    ...tools.events,
    ...press.handlers,
    onPointerDown: (event: PointerEvent) => {
      press.handlers.onPointerDown(event);
      wasSelected.current = isTextSelected();
    },
    onPointerUp: (event: PointerEvent) => {
      press.handlers.onPointerUp();
      tools.events.onPointerUp(event);
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
  return { near: canOpen && tools.near, place, open: show, close: () => show(null), events };
}

/** Returns whether the browser's own menu should open: with Shift, and on a link or media element. */
function wantsBrowserMenu({ shiftKey, target }: MouseEvent): boolean {
  return shiftKey || (target instanceof Element && target.closest('a, img, video, audio') !== null);
}

function isTextSelected(): boolean {
  return getSelection()?.isCollapsed === false;
}
