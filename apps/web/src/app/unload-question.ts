const holders = new Set<symbol>();

/**
 * Has the browser ask before the page is reloaded or closed, because something that a person made would be gone. Returns a function that ends it.
 * Browsers that never ask (those of iOS) lose it.
 */
export function askBeforeUnload(): () => void {
  const holder = Symbol();
  holders.add(holder);
  addEventListener('beforeunload', ask);
  return () => {
    holders.delete(holder);
    // Not all browsers keep a page that listens for Back.
    if (holders.size === 0) removeEventListener('beforeunload', ask);
  };
}

/** Whether the browser would ask now. */
export function asksBeforeUnload(): boolean {
  return holders.size > 0;
}

function ask(event: Event): void {
  event.preventDefault();
}
