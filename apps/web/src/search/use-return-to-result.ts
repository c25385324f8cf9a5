import { useCallback, useEffect, useRef } from 'react';

/**
 * Returns a function that stores the chosen search result. Escape in the messages then moves the focus back to that result, while it is on
 * the page.
 */
export function useReturnToResult(): (hit: HTMLElement) => void {
  const chosen = useRef<HTMLElement | null>(null);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const hit = chosen.current;
      // An Escape that was already handled, for example to end a selection, is ignored.
      if (event.key !== 'Escape' || event.defaultPrevented || hit === null) return;
      if (!(event.target instanceof Element && event.target.matches('[data-key]'))) return;
      chosen.current = null;
      hit.focus();
      // If the result is hidden, as on a phone, Escape keeps its usual meaning.
      if (document.activeElement !== hit) return;
      event.preventDefault();
      event.stopPropagation();
    };
    // In the capture phase, before the message list, where Escape focuses the composer.
    document.addEventListener('keydown', onKeyDown, { capture: true });
    return () => document.removeEventListener('keydown', onKeyDown, { capture: true });
  }, []);
  return useCallback((hit) => {
    chosen.current = hit;
  }, []);
}
