// @vitest-environment happy-dom
import { act, cleanup, render } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { type Layout, useLayout } from './layout.js';

/** Reports a changed size. */
let resize: () => void = () => undefined;
const observed: Element[] = [];
let disconnected = 0;

/** Replaces `ResizeObserver`. */
class Observer {
  constructor(onResize: () => void) {
    resize = onResize;
  }
  observe(element: Element): void {
    observed.push(element);
  }
  disconnect(): void {
    disconnected += 1;
  }
}

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function Frame({ onLayout }: { readonly onLayout: (layout: Layout) => void }) {
  const [layout, ref] = useLayout();
  onLayout(layout);
  return <div ref={ref} />;
}

test('the layout follows the width of its container at each breakpoint and one pixel beyond', () => {
  vi.stubGlobal('ResizeObserver', Observer);
  const width = vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(720);
  let layout: Layout | null = null;
  const { container, unmount } = render(
    <Frame
      onLayout={(now) => {
        layout = now;
      }}
    />,
  );
  const at = (pixels: number) => {
    width.mockReturnValue(pixels);
    act(() => resize());
    return layout;
  };
  expect(layout).toBe('phone');
  expect([at(721), at(1_180), at(1_181), at(720)]).toEqual(['middle', 'middle', 'wide', 'phone']);
  expect(observed).toEqual([container.firstElementChild]);
  expect(disconnected).toBe(0);
  unmount();
  expect(disconnected).toBe(1);
});
