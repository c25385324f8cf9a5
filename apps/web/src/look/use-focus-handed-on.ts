import { type RefObject, useLayoutEffect } from 'react';

/**
 * Calls `handOn` before an element that contains the focus is removed, so that it can move the focus. Otherwise the focus falls to the body
 * and the next Tab starts at the top of the page. `handOn` must be a stable function.
 */
export function useFocusHandedOn(element: RefObject<HTMLElement | null>, handOn: (element: HTMLElement) => void): void {
  useLayoutEffect(() => {
    const here = element.current;
    return () => {
      if (here?.contains(document.activeElement) === true) handOn(here);
    };
  }, [element, handOn]);
}
