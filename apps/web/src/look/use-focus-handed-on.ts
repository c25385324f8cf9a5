import { type RefObject, useLayoutEffect } from 'react';

/**
 * Hands the focus on as an element goes away that has it, or has it within: otherwise it falls to the body, and the next Tab begins at the top of the page.
 * `handOn` is called while the element is still there, and has to be steady.
 */
export function useFocusHandedOn(element: RefObject<HTMLElement | null>, handOn: (element: HTMLElement) => void): void {
  useLayoutEffect(() => {
    const here = element.current;
    return () => {
      if (here?.contains(document.activeElement) === true) handOn(here);
    };
  }, [element, handOn]);
}
