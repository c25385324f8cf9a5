/** What a page hears that may mean that the device woke up or changed its network (SN-15). */
export interface WakingEvents {
  /** Shown again, perhaps out of the browser's cache of pages. */
  onShow(): void;
  onOnline(): void;
  onVisibility(hidden: boolean): void;
}

/** Listens until the function it returns is called. Where there is no page, as in Node, nothing is ever heard. */
export function listenForWaking(events: WakingEvents): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  globalThis.addEventListener?.('pageshow', events.onShow, { signal });
  globalThis.addEventListener?.('online', events.onOnline, { signal });
  globalThis.document?.addEventListener('visibilitychange', () => events.onVisibility(document.hidden), { signal });
  return () => stop.abort();
}
