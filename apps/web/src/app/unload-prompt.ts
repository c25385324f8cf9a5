const holders = new Set<symbol>();

/**
 * Makes the browser prompt before the page is reloaded or closed, because unsaved work would be lost. Returns a function that ends it.
 * Browsers that never prompt (those of iOS) lose the work.
 */
export function askBeforeUnload(): () => void {
  const holder = Symbol();
  holders.add(holder);
  addEventListener('beforeunload', ask);
  return () => {
    holders.delete(holder);
    // Some browsers do not use the back/forward cache for a page with a `beforeunload` listener.
    if (holders.size === 0) removeEventListener('beforeunload', ask);
  };
}

/** Returns whether the browser would prompt now. */
export function asksBeforeUnload(): boolean {
  return holders.size > 0;
}

function ask(event: Event): void {
  event.preventDefault();
}
