import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

/**
 * Keeps the focus in a list whose rows go by their own buttons: where the button that has it is disabled for a moment it gets it back, and where its row goes
 * the next row's button gets it, else the last one, else the list, which has to take it (`tabIndex={-1}`).
 */
export function useFocusKeptInList(list: RefObject<HTMLElement | null>): void {
  /** The button that had the focus last, by its place among those of the list; `null` once the focus went elsewhere. */
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
    // A press on nothing leaves the list as well, and only that tells it from a row that goes.
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
  // After each render, for each may have disabled the button or taken its row.
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
