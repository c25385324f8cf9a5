import type { PageAttention } from './tabs.js';

/** The page is in front if it is visible and has the focus. Next to another focused window it is not. */
export const pageAttention: PageAttention = {
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
