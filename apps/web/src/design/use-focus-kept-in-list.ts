import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

/**
 * Keeps the focus in a list whose buttons remove their own rows. A button that was disabled temporarily gets the focus back; if its row is
 * removed, the next row's button gets it, otherwise the last one, otherwise the list, which must be focusable (`tabIndex={-1}`).
 */
export function useFocusKeptInList(list: RefObject<HTMLElement | null>): void {
  /** The index of the button that had the focus last, or `null` once the focus moved elsewhere. */
  const at = useRef<number | null>(null);
  useEffect(() => {
    const element = list.current;
    if (element === null) return;
    const onFocus = ({ target }: FocusEvent) => {
      const index = buttonsOf(element).indexOf(target as HTMLButtonElement);
      at.current = index === -1 ? null : index;
    };
    const onBlur = ({ relatedTarget }: FocusEvent) => {
      if (relatedTarget instanceof Node && !relatedTarget.contains(element)) at.current = null;
    };
    // A press outside also leaves the list; without it, that looks the same as a removed row.
    const onPress = ({ target }: PointerEvent) => {
      if (target instanceof Node && !element.contains(target)) at.current = null;
    };
    document.addEventListener('pointerdown', onPress);
    element.addEventListener('focusin', onFocus);
    element.addEventListener('focusout', onBlur);
    return () => {
      document.removeEventListener('pointerdown', onPress);
      element.removeEventListener('focusin', onFocus);
      element.removeEventListener('focusout', onBlur);
    };
  }, [list]);
  // After each render, because any may have disabled the button or removed its row.
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null || at.current === null || document.activeElement?.contains(element) !== true) return;
    const buttons = buttonsOf(element);
    const next = buttons[Math.min(at.current, buttons.length - 1)] ?? element;
    next.focus();
  });
}

function buttonsOf(list: HTMLElement): readonly HTMLButtonElement[] {
  return [...list.querySelectorAll('button')];
}
