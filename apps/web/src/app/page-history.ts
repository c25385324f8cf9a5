/** The part of `window.history` that `PageHistory` uses. */
export type BrowserHistory = Pick<History, 'go' | 'length' | 'pushState' | 'replaceState' | 'state'>;

interface Layer {
  readonly onBack: () => void;
}

/**
 * Owns all writes to the browser's history. Keeps one history entry for each open layer (dialog, menu, details) above the entry of the
 * address, so that Back closes the topmost layer. A layer closed by other means removes its entry; when Forward or a reload reaches a stale
 * entry, goes back from it. Traversals are asynchronous: while one is pending, changes wait for its `popstate`.
 */
export class PageHistory {
  readonly #browser: BrowserHistory;
  readonly #defer: (run: () => void) => void;
  readonly #layers: Layer[] = [];
  readonly #changes: (() => void)[] = [];
  /** The number of layers at the entry that the pending traversal leads to; `null` if none is pending. */
  #target: number | null = null;
  #isScheduled = false;

  /** @param defer runs a function in a later task, so that a layer which replaces another in the same render adds no entry */
  constructor(browser: BrowserHistory, defer: (run: () => void) => void) {
    this.#browser = browser;
    this.#defer = defer;
  }

  /** Drops the layers that were open before a reload. */
  start(): void {
    if (this.#depth === 0) return;
    if (this.#browser.length > this.#depth) this.#traverse(-this.#depth, 0);
    else this.#browser.replaceState(this.#stateWith(0), '');
  }

  /**
   * Registers an open layer.
   *
   * @param onBack closes it; called at most once, when the user goes back
   * @returns a function to call when it has closed, by whatever means; idempotent
   */
  openLayer(onBack: () => void): () => void {
    const layer = { onBack };
    this.#layers.push(layer);
    this.#schedule();
    return () => {
      const at = this.#layers.indexOf(layer);
      if (at === -1) return;
      this.#layers.splice(at, 1);
      this.#schedule();
    };
  }

  /**
   * Changes the address. Runs `change` immediately if no layer has an entry, otherwise after going back to the entry of the address. Layers
   * that stay open get their entries again afterwards.
   */
  change(change: () => void): void {
    this.#changes.push(change);
    this.#settle();
  }

  /** Goes back `entries` entries. Call it only within a `change`; later changes wait until the traversal ends. */
  back(entries = 1): void {
    this.#traverse(-entries, 0);
  }

  /** Handles a `popstate` event. The caller must call it for each one. */
  followPop(): void {
    const steps = (this.#target ?? this.#layers.length) - this.#depth;
    this.#target = null;
    const closed = steps > 0 ? this.#layers.splice(-steps) : [];
    for (const layer of closed.reverse()) layer.onBack();
    this.#settle();
  }

  #settle(): void {
    while (this.#target === null && this.#changes.length > 0) {
      if (this.#depth > 0) this.#traverse(-this.#depth, 0);
      else this.#changes.shift()?.();
    }
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#defer(() => {
      this.#isScheduled = false;
      if (this.#target === null) this.#matchEntries();
    });
  }

  #matchEntries(): void {
    const wanted = this.#layers.length;
    if (this.#depth > wanted) this.#traverse(wanted - this.#depth, wanted);
    else while (this.#depth < wanted) this.#browser.pushState(this.#stateWith(this.#depth + 1), '');
  }

  #traverse(delta: number, target: number): void {
    this.#target = target;
    this.#browser.go(delta);
  }

  /** The number of layers at the current entry. */
  get #depth(): number {
    return (this.#browser.state as { readonly layers?: number } | null)?.layers ?? 0;
  }

  #stateWith(layers: number): object {
    return { ...(this.#browser.state as object | null), layers };
  }
}

/** The history of this page. */
export const pageHistory = new PageHistory(
  {
    get state() {
      return history.state as unknown;
    },
    get length() {
      return history.length;
    },
    go: (delta) => history.go(delta),
    pushState: (state, unused, url) => history.pushState(state, unused, url),
    replaceState: (state, unused, url) => history.replaceState(state, unused, url),
  },
  (run) => setTimeout(run),
);

/** Handles the browser's Back and Forward. Returns a function that stops it. */
export function followHistory(): () => void {
  const follow = () => pageHistory.followPop();
  window.addEventListener('popstate', follow);
  pageHistory.start();
  return () => window.removeEventListener('popstate', follow);
}
