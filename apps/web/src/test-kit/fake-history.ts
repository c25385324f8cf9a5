import type { BrowserHistory } from '../app/page-history.js';

/** A history in memory. A traversal waits until `traverse`, like a browser's, which answers by a `popstate` later. */
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

  /** Does what the page or the user asked for first. @returns whether there was something, so that a `popstate` follows */
  traverse(): boolean {
    const delta = this.#traversals.shift();
    if (delta === undefined) return false;
    this.at += delta;
    return true;
  }
}
