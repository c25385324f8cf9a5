import type { Look } from './tabs.js';

/** In front, and with the focus: a page beside another window is not looked at. */
export const pageLook: Look = {
  now: () => document.visibilityState === 'visible' && document.hasFocus(),
  watch: (listener) => {
    const end = new AbortController();
    const { signal } = end;
    document.addEventListener('visibilitychange', listener, { signal });
    window.addEventListener('focus', listener, { signal });
    window.addEventListener('blur', listener, { signal });
    return () => end.abort();
  },
};
