import type { BrowserHistory } from '../app/page-history.js';

/** An in-memory history. A traversal is deferred until `traverse`, like a browser's asynchronous one. */
export class FakeHistory implements BrowserHistory {
  readonly entries: unknown[];
  at: number;
  readonly #traversals: number[] = [];

  constructor(entries: readonly unknown[] = ['site before', null], at = entries.length - 1) {
    this.entries = [...entries];
    this.at = at;
  }

  get state(): unknown {
    return this.entries[this.at];
  }

  get length(): number {
    return this.entries.length;
  }

  pushState(state: unknown): void {
    this.entries.splice(this.at + 1, Number.POSITIVE_INFINITY, state);
    this.at += 1;
  }

  replaceState(state: unknown): void {
    this.entries[this.at] = state;
  }

  go(delta: number): void {
    this.#traversals.push(delta);
  }

  /** Runs the oldest pending traversal. Returns whether there was one, after which the caller fires `popstate`. */
  traverse(): boolean {
    const delta = this.#traversals.shift();
    if (delta === undefined) return false;
    this.at += delta;
    return true;
  }
}
