// @vitest-environment happy-dom
import { fireEvent } from '@testing-library/react';
import { expect, test } from 'vitest';
import { fakeTimeouts } from '../test-kit/fake-timeouts.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { FloatingDay } from './day-pill.js';

const wait = fakeTimeouts();

test('the floating day is visible during scrolling and shortly after', async () => {
  const scroller = document.createElement('div');
  const { container, unmount } = renderInPage(<FloatingDay at={1} scroller={{ current: scroller }} />);
  const resting = () => container.querySelector<HTMLElement>('.floating-day')?.dataset['resting'];
  expect(resting()).toBe('true');
  fireEvent.scroll(scroller);
  await wait(1_000);
  fireEvent.scroll(scroller);
  await wait(1_499);
  expect(resting()).toBe('false');
  await wait(1);
  expect(resting()).toBe('true');
  unmount();
  fireEvent.scroll(scroller);
  await wait(2_000);
});
