import { useEffect, useLayoutEffect, useState, useSyncExternalStore } from 'react';
import type { ScrollKey } from './scroll-geometry.js';
import { ScrollKeeper, type ScrollScene, type ScrollShown } from './scroll-keeper.js';
import type { ScrollPlace } from './scroll-memory.js';

interface PlaceView extends ScrollShown {
  readonly onScroll: () => void;
  readonly onScrollEnd: () => void;
  readonly onResize: () => void;
  readonly toEnd: () => void;
  readonly toLatest: (seenTo: number) => void;
  readonly scrollBy: (key: ScrollKey) => void;
  readonly toRow: (key: string) => void;
  readonly toPlace: (place: ScrollPlace) => void;
}

/** Keeps the place of a list of messages for as long as it is mounted; see `ScrollKeeper`. */
export function useScrollPlace(scene: ScrollScene): PlaceView {
  const [keeper] = useState(() => new ScrollKeeper(scene));
  keeper.take(scene);
  const shown = useSyncExternalStore(keeper.subscribe, keeper.getSnapshot);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the keeper reads the scene it was given
  useLayoutEffect(() => {
    keeper.onItems();
    const frame = requestAnimationFrame(() => keeper.look());
    return () => cancelAnimationFrame(frame);
  }, [keeper, scene.items, scene.opensAt]);
  const begun = scene.items.length > 0;
  useEffect(() => (begun ? keeper.waitForArrival() : undefined), [keeper, begun]);
  useEffect(() => keeper.listenForIntent(), [keeper]);
  useEffect(() => () => keeper.stop(), [keeper]);
  const { onScroll, onScrollEnd, onResize, toEnd, toLatest, scrollBy, toRow, toPlace } = keeper;
  return { ...shown, onScroll, onScrollEnd, onResize, toEnd, toLatest, scrollBy, toRow, toPlace };
}
