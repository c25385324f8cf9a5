/** What the service needs of `window.history`. */
export type BrowserHistory = Pick<History, 'go' | 'length' | 'pushState' | 'replaceState' | 'state'>;

interface Layer {
  readonly onBack: () => void;
}

/**
 * The page's only writer of the browser's history. It keeps one entry for each open layer (dialog, menu, details), above the entry of the
 * address, so that Back closes the topmost layer. A layer that closes by other means takes its entry away; a stale entry that Forward or a
 * reload leads to is left again.
 *
 * Traversals are asynchronous: while one is under way, changes wait for its `popstate`.
 */
export class PageHistory {
  readonly #browser: BrowserHistory;
  readonly #defer: (run: () => void) => void;
  readonly #layers: Layer[] = [];
  readonly #changes: (() => void)[] = [];
  /** How many layers the entry has that a traversal is leading to; `null` while none is under way. */
  #target: number | null = null;
  #isScheduled = false;

  /** @param defer runs a function in a later task: a layer that replaces another in the same render costs no entry */
  constructor(browser: BrowserHistory, defer: (run: () => void) => void) {
    this.#browser = browser;
    this.#defer = defer;
  }

  /** Drops the layers of the page as it was before a reload. */
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
   * Changes the address. Runs the function immediately where no layer has an entry, otherwise when the page is back at the entry of the
   * address. Layers that stay open get their entries again afterwards.
   */
  change(change: () => void): void {
    this.#changes.push(change);
    this.#settle();
  }

  /** Leaves the entry of the address, and so many in all. Only within a `change`; those that follow wait until it is left. */
  back(entries = 1): void {
    this.#traverse(-entries, 0);
  }

  /** To be called at each `popstate`. */
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

  /** How many layers the current entry has. */
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

/** Follows the browser's Back and Forward. @returns stops it */
export function followHistory(): () => void {
  const follow = () => pageHistory.followPop();
  window.addEventListener('popstate', follow);
  pageHistory.start();
  return () => window.removeEventListener('popstate', follow);
}
