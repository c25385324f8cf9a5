/** Events of the page's visibility and the device's network. */
export interface AttentionEvents {
  /** Called when `active` changed. */
  changed(): void;
  /** Called when the page is being hidden or closed, perhaps for good. */
  leaving(): void;
  /** Called when the device is online again. */
  online(): void;
}

/** Observes whether the page is visible. Without a document (Node, a worker) it always counts as visible. */
export class Attention {
  readonly #end = new AbortController();

  constructor(events: AttentionEvents) {
    const { signal } = this.#end;
    globalThis.document?.addEventListener('visibilitychange', () => events.changed(), { signal });
    globalThis.addEventListener?.('pagehide', () => events.leaving(), { signal });
    globalThis.addEventListener?.('online', () => events.online(), { signal });
  }

  get active(): boolean {
    return typeof document === 'undefined' || document.visibilityState === 'visible';
  }

  stop(): void {
    this.#end.abort();
  }
}
