import type { VirtualizerHandle } from 'virtua';

/** The measures of a list of rows, in pixels. Heights of rows not drawn yet are estimates. */
export interface Measures {
  /** The scroll position. */
  readonly top: number;
  /** The scroll position that the virtual list knows. It lags behind `top` until the next scroll event. */
  readonly offset: number;
  /** The height of all rows. */
  readonly height: number;
  readonly viewport: number;
  /** Returns where a row begins. */
  offsetOf(index: number): number;
  /** Returns the row at an offset, or the last one beyond the end. */
  indexAt(offset: number): number;
}

/** Returns the measures of a virtual list in its scroll element, read when they are used. */
export function measuresOf(element: HTMLElement, handle: VirtualizerHandle): Measures {
  return {
    get top() {
      return element.scrollTop;
    },
    get offset() {
      return handle.scrollOffset;
    },
    get height() {
      return element.scrollHeight;
    },
    get viewport() {
      return element.clientHeight;
    },
    offsetOf: (index) => handle.getItemOffset(index),
    indexAt: (offset) => handle.findItemIndex(offset),
  };
}
