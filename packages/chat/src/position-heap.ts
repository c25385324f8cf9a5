import { compareSearchPositions, type SearchPosition } from './search.js';

/**
 * A binary heap that returns the item that comes first in search order (the newest message). The position of an item
 * must not change while the item is in the heap.
 */
export class PositionHeap<Item extends SearchPosition> {
  readonly #items: Item[];

  /** @param items in heap order, as returned by `items` */
  constructor(items: readonly Item[]) {
    this.#items = [...items];
  }

  /** Returns a heap of unordered items. Sorts them, because a sorted array is a heap. */
  static sorting<Item extends SearchPosition>(items: readonly Item[]): PositionHeap<Item> {
    return new PositionHeap(items.toSorted(compareSearchPositions));
  }

  /** Returns the items in heap order. */
  get items(): readonly Item[] {
    return this.#items;
  }

  /** Returns the first item; `undefined` if the heap is empty. */
  peek(): Item | undefined {
    return this.#items[0];
  }

  /** Adds an item. */
  push(item: Item): void {
    const items = this.#items;
    let at = items.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = items[above];
      if (parent === undefined || compareSearchPositions(parent, item) <= 0) break;
      items[at] = parent;
      at = above;
    }
    items[at] = item;
  }

  /** Removes and returns the first item; `undefined` if the heap is empty. */
  pop(): Item | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (last !== undefined && items.length > 0) this.#sink(last);
    return first;
  }

  /** Inserts an item in place of the first one, and moves it down to where the heap order is right. */
  #sink(item: Item): void {
    const items = this.#items;
    let at = 0;
    for (;;) {
      const left = items[2 * at + 1];
      const right = items[2 * at + 2];
      const useRight = left !== undefined && right !== undefined && compareSearchPositions(right, left) < 0;
      const child = useRight ? right : left;
      if (child === undefined || compareSearchPositions(item, child) <= 0) break;
      items[at] = child;
      at = 2 * at + (useRight ? 2 : 1);
    }
    items[at] = item;
  }
}
