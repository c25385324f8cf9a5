import { useEffect, useLayoutEffect, useState, useSyncExternalStore } from 'react';
import { ScrollAnchor, type ScrollContext } from './scroll-anchor.js';
import type { ScrollKey } from './scroll-geometry.js';
import type { ScrollPlace } from './scroll-memory.js';
import type { ScrollShown } from './scroll-state.js';

interface PlaceView extends ScrollShown {
  readonly onScroll: () => void;
  readonly onScrollEnd: () => void;
  readonly onResize: () => void;
  readonly toEnd: () => void;
  readonly toLatest: (seenTo: number) => void;
  readonly scrollBy: (key: Exclude<ScrollKey, 'End'>) => void;
  readonly toRow: (key: string) => void;
  readonly toPlace: (place: ScrollPlace) => void;
}

/** Keeps the scroll position of a message list while it is mounted; see `ScrollAnchor`. */
export function useScrollPlace(context: ScrollContext): PlaceView {
  const [anchor] = useState(() => new ScrollAnchor(context));
  anchor.update(context);
  const shown = useSyncExternalStore(anchor.subscribe, anchor.getSnapshot);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the anchor reads the context it was given
  useLayoutEffect(() => {
    anchor.onItems();
    const frame = requestAnimationFrame(() => anchor.refresh());
    return () => cancelAnimationFrame(frame);
  }, [anchor, context.items, context.opensAt]);
  const begun = context.items.length > 0;
  useEffect(() => (begun ? anchor.waitForArrival() : undefined), [anchor, begun]);
  useEffect(() => anchor.listenForIntent(), [anchor]);
  useEffect(() => () => anchor.stop(), [anchor]);
  const { onScroll, onScrollEnd, onResize, toEnd, toLatest, scrollBy, toRow, toPlace } = anchor;
  return { ...shown, onScroll, onScrollEnd, onResize, toEnd, toLatest, scrollBy, toRow, toPlace };
}
