/** Callbacks for changes of the page's visibility and of the device's network. */
export interface AttentionEvents {
  /** Called when `Attention.active` may have changed. */
  changed(): void;
  /** Called when the page is left or closed. The page may never run again. */
  leaving(): void;
  /** Called when the device is online again. */
  online(): void;
}

/**
 * Observes whether the user can see the page, and whether the device comes online. Without a document (Node, a worker),
 * the page always counts as visible.
 */
export class Attention {
  readonly #end = new AbortController();

  constructor(events: AttentionEvents) {
    const { signal } = this.#end;
    globalThis.document?.addEventListener('visibilitychange', () => events.changed(), { signal });
    globalThis.addEventListener?.('pagehide', () => events.leaving(), { signal });
    globalThis.addEventListener?.('online', () => events.online(), { signal });
  }

  /** Whether the page is visible. */
  get active(): boolean {
    return typeof document === 'undefined' || document.visibilityState === 'visible';
  }

  /** Removes all listeners. */
  stop(): void {
    this.#end.abort();
  }
}
