import type { VirtualizerHandle } from 'virtua';
import { vi } from 'vitest';

/** A fake virtual list with rows of these heights, and its scroll element with a viewport of `clientHeight` pixels. */
export class FakeList {
  readonly element: HTMLDivElement = document.createElement('div');
  readonly handle: VirtualizerHandle;
  heights: readonly number[];
  readonly clientHeight: number;
  /** Moves the element, which is what setting its `scrollTop` does. */
  readonly moveTo = vi.fn((top: number) => {
    this.#top = this.#within(top);
  });
  #top = 0;

  constructor(heights: readonly number[], clientHeight: number) {
    this.heights = heights;
    this.clientHeight = clientHeight;
    Object.defineProperties(this.element, {
      clientHeight: { get: () => clientHeight },
      scrollHeight: { get: () => Math.max(clientHeight, this.offsetOf(this.heights.length)) },
      scrollTop: {
        get: () => this.#top,
        set: (top: number) => this.moveTo(top),
      },
    });
    const list = this;
    this.handle = {
      get scrollOffset() {
        return list.element.scrollTop;
      },
      get viewportSize() {
        return clientHeight;
      },
      findItemIndex: (offset: number) => this.indexAt(offset),
      getItemOffset: (index: number) => this.offsetOf(index),
    } as Partial<VirtualizerHandle> as VirtualizerHandle;
  }

  offsetOf(index: number): number {
    return this.heights.slice(0, index).reduce((sum, height) => sum + height, 0);
  }

  /** Returns the index of the row at this offset, or of the last row beyond the end. */
  indexAt(offset: number): number {
    const at = this.heights.findIndex((_, index) => this.offsetOf(index + 1) > offset);
    return at === -1 ? this.heights.length - 1 : at;
  }

  #within(top: number): number {
    return Math.max(0, Math.min(top, this.offsetOf(this.heights.length) - this.clientHeight));
  }
}
