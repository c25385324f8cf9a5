import { type RefCallback, useCallback, useState } from 'react';

/** Layout of the page by container width. The breakpoints are the same as in `frame.css`. */
export type Layout = 'wide' | 'middle' | 'phone';

const MIDDLE_WIDTH = 1_180;
const PHONE_WIDTH = 720;

/** Returns the current layout of a container, and the ref to attach to it. */
export function useLayout(): readonly [Layout, RefCallback<HTMLElement>] {
  const [layout, setLayout] = useState<Layout>('wide');
  const ref = useCallback((element: HTMLElement | null) => {
    if (element === null) return;
    const measure = () => setLayout(layoutOf(element.clientWidth));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [layout, ref];
}

function layoutOf(width: number): Layout {
  if (width <= PHONE_WIDTH) return 'phone';
  return width <= MIDDLE_WIDTH ? 'middle' : 'wide';
}
