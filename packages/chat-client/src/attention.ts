/** What is heard of whoever is in front of this page, and of the device's network. */
export interface AttentionEvents {
  /** `active` changed. */
  changed(): void;
  /** The page goes away, perhaps for good. */
  leaving(): void;
  /** A network came. */
  online(): void;
}

/** Whether a person is in front of this page. Without a document (Node, a worker) somebody always is. */
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
