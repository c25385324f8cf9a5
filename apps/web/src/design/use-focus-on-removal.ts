import { type RefObject, useLayoutEffect } from 'react';

/**
 * Calls `onRemoval` before an element that contains the focus is removed, so that it can move the focus. Otherwise the focus falls to the body
 * and the next Tab starts at the top of the page. `onRemoval` must be a stable function.
 */
export function useFocusOnRemoval(
  element: RefObject<HTMLElement | null>,
  onRemoval: (element: HTMLElement) => void,
): void {
  useLayoutEffect(() => {
    const here = element.current;
    return () => {
      if (here?.contains(document.activeElement) === true) onRemoval(here);
    };
  }, [element, onRemoval]);
}
