import { type KeyboardEvent, type MouseEvent, type PointerEvent, useCallback, useRef, useState } from 'react';
import { type MenuPlace, placeAt, placeOf } from '../look/menu-place.js';

/** A row whose menu is open, and where. */
interface RowMenu {
  readonly id: number;
  readonly place: MenuPlace;
}

const longPressMs = 500;
/** A finger that moved farther scrolls, pixels. */
const stillPixels = 10;

/**
 * The menu of a row of a list: by the secondary button, the menu key or Shift and F10, or a long press; a button of the row calls `openAt`.
 * The handlers belong on what holds the rows; `attribute` marks a row and holds its id.
 */
export function useRowMenu(attribute: string) {
  const [menu, setMenu] = useState<RowMenu | null>(null);
  const press = useRef<{ timer: ReturnType<typeof setTimeout>; x: number; y: number } | null>(null);
  const swallow = useRef(false);

  const rowOf = (target: EventTarget): HTMLElement | null =>
    target instanceof Element ? target.closest<HTMLElement>(`[${attribute}]`) : null;
  const open = (row: HTMLElement, place: MenuPlace) => setMenu({ id: Number(row.getAttribute(attribute)), place });
  const endPress = () => {
    clearTimeout(press.current?.timer);
    press.current = null;
  };

  const handlers = {
    onContextMenu: (event: MouseEvent) => {
      const row = rowOf(event.target);
      if (row === null) return;
      event.preventDefault();
      endPress();
      open(row, placeAt(event.clientX, event.clientY, focusOf(row)));
    },
    onKeyDown: (event: KeyboardEvent) => {
      const wanted = event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey);
      const row = rowOf(event.target);
      if (!wanted || row === null) return;
      event.preventDefault();
      open(row, placeOf(row, focusOf(row)));
    },
    onPointerDown: (event: PointerEvent) => {
      swallow.current = false;
      const row = rowOf(event.target);
      if (row === null || event.pointerType === 'mouse') return;
      const { clientX: x, clientY: y } = event;
      const timer = setTimeout(() => {
        // The click that follows the release is not meant for the row.
        swallow.current = true;
        open(row, placeAt(x, y, focusOf(row)));
      }, longPressMs);
      press.current = { timer, x, y };
    },
    onPointerMove: ({ clientX, clientY }: PointerEvent) => {
      const begun = press.current;
      if (begun !== null && Math.hypot(clientX - begun.x, clientY - begun.y) > stillPixels) endPress();
    },
    onPointerUp: endPress,
    onPointerCancel: endPress,
    onClickCapture: (event: MouseEvent) => {
      if (!swallow.current) return;
      swallow.current = false;
      event.preventDefault();
      event.stopPropagation();
    },
  };
  const openAt = useCallback((id: number, element: HTMLElement) => setMenu({ id, place: placeOf(element) }), []);
  return { menu, handlers, openAt, close: () => setMenu(null) };
}

function focusOf(row: HTMLElement): HTMLElement {
  return row.matches('a, button') ? row : (row.querySelector<HTMLElement>('button') ?? row);
}
