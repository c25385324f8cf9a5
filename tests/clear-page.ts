import { afterEach } from 'vitest';

/* Unmounts what a test rendered, and empties what the page keeps. The files of a suite share one document, so each of them needs this, and not only the first one that imports a helper. */

if (typeof document !== 'undefined') {
  const { cleanup } = await import('@testing-library/react');
  const { pageHistory } = await import('../apps/web/src/app/page-history.js');
  afterEach(() => {
    cleanup();
    // What lay above the page is gone, and so is a step back that it waited for.
    history.replaceState(null, '');
    pageHistory.followPop();
    document.body.replaceChildren();
    localStorage.clear();
    sessionStorage.clear();
  });
}
