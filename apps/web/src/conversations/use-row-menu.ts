import { type KeyboardEvent, type MouseEvent, useCallback, useState } from 'react';
import { type MenuPlace, placeAt, placeOf } from '../design/menu-place.js';
import { useLongPress } from '../design/use-long-press.js';

/** A row with an open menu, and the menu's position. */
interface RowMenu {
  readonly id: number;
  readonly place: MenuPlace;
}

/**
 * Manages the menu of the rows of a list. Opens on the secondary button, the menu key, Shift+F10 or a long press; a row's button calls
 * `openAt`. The handlers go on the element that contains the rows; `attribute` marks a row and holds its id.
 */
export function useRowMenu(attribute: string) {
  const [menu, setMenu] = useState<RowMenu | null>(null);

  const rowOf = (target: EventTarget): HTMLElement | null =>
    target instanceof Element ? target.closest<HTMLElement>(`[${attribute}]`) : null;
  const open = (row: HTMLElement, place: MenuPlace) => setMenu({ id: Number(row.getAttribute(attribute)), place });
  const press = useLongPress(rowOf, (row, x, y) => open(row, placeAt(x, y, focusOf(row))));

  const handlers = {
    ...press.handlers,
    onContextMenu: (event: MouseEvent) => {
      const row = rowOf(event.target);
      if (row === null) return;
      event.preventDefault();
      if (!press.intercept()) open(row, placeAt(event.clientX, event.clientY, focusOf(row)));
    },
    onKeyDown: (event: KeyboardEvent) => {
      const wanted = event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey);
      const row = rowOf(event.target);
      if (!wanted || row === null) return;
      event.preventDefault();
      open(row, placeOf(row, focusOf(row)));
    },
  };
  const openAt = useCallback((id: number, element: HTMLElement) => setMenu({ id, place: placeOf(element) }), []);
  return { menu, handlers, openAt, close: () => setMenu(null) };
}

function focusOf(row: HTMLElement): HTMLElement {
  return row.matches('a, button') ? row : (row.querySelector<HTMLElement>('button') ?? row);
}
