import { afterEach } from 'vitest';

/*
 * Unmounts what a test rendered, and clears the storage of the page. The files of a suite share one document, so this
 * must run for each of them, not only for the first one that imports a helper.
 */

if (typeof document !== 'undefined') {
  const { cleanup } = await import('@testing-library/react');
  const { pageHistory } = await import('../apps/web/src/app/page-history.js');
  afterEach(() => {
    cleanup();
    // Drops the history entries above the page, and a pending step back.
    history.replaceState(null, '');
    pageHistory.followPop();
    document.body.replaceChildren();
    localStorage.clear();
    sessionStorage.clear();
  });
}
