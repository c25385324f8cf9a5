import { compareSearchPositions, type SearchPosition } from './search.js';

/** Gives the item of the highest position first. An item's position changes only while it is out. */
export class PositionHeap<Item extends SearchPosition> {
  readonly #items: Item[];

  /** @param items in the order of a heap, as `items` gives them */
  constructor(items: readonly Item[]) {
    this.#items = [...items];
  }

  /** In order, it is a heap. */
  static sorting<Item extends SearchPosition>(items: readonly Item[]): PositionHeap<Item> {
    return new PositionHeap(items.toSorted(compareSearchPositions));
  }

  /** In no order that means anything to others. */
  get items(): readonly Item[] {
    return this.#items;
  }

  peek(): Item | undefined {
    return this.#items[0];
  }

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

  pop(): Item | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (last !== undefined && items.length > 0) this.#sink(last);
    return first;
  }

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
