// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { renderInPage } from '../test-kit/render-in-page.js';
import type { WireView } from '../wire/wire-view.js';
import { ListFooter } from './list-footer.js';

test.each([
  [0.4, '1 ms'],
  [500, '500 ms'],
  [501, undefined],
  [2_806, undefined],
  [null, undefined],
])('a round trip of %j is shown as %j', (roundTripMs, shown) => {
  const wire: WireView = { line: 'fine', transport: 'websocket', roundTripMs };
  const nothing = () => undefined;
  const { container } = renderInPage(<ListFooter wire={wire} onSettings={nothing} onConnection={nothing} />);
  expect(container.querySelector('.status .num')?.textContent).toBe(shown);
});
