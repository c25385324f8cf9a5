import { useCallback, useEffect, useRef } from 'react';

/**
 * Leads from the message that a hit showed back to that hit: Esc in the messages gives the focus to it, as long as it is on the page. Returns
 * a function that notes the hit that was chosen.
 */
export function useWayBack(): (hit: HTMLElement) => void {
  const chosen = useRef<HTMLElement | null>(null);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const hit = chosen.current;
      // An Esc that ended something else, as the picking of messages, leads nowhere.
      if (event.key !== 'Escape' || event.defaultPrevented || hit === null) return;
      if (!(event.target instanceof Element && event.target.matches('[data-key]'))) return;
      chosen.current = null;
      hit.focus();
      // Where the hit is out of sight, as on a phone, Esc means what it means elsewhere.
      if (document.activeElement !== hit) return;
      event.preventDefault();
      event.stopPropagation();
    };
    // Before the messages, where Esc leads to the composer.
    document.addEventListener('keydown', onKeyDown, { capture: true });
    return () => document.removeEventListener('keydown', onKeyDown, { capture: true });
  }, []);
  return useCallback((hit) => {
    chosen.current = hit;
  }, []);
}
