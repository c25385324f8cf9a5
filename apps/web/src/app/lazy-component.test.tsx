// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { fakeTimeouts } from '../test-kit/fake-timeouts.js';
import { pendingCalls } from '../test-kit/pending-calls.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { LazyPart, lazyComponent, usePrefetch } from './lazy-component.js';

interface Props {
  readonly name: string;
}

const Greeting = ({ name }: Props) => `Hello, ${name}`;

afterEach(() => {
  vi.unstubAllGlobals();
});

const wait = fakeTimeouts();

/** Creates a lazy component. A test answers its loads. */
function greeting() {
  const loads = pendingCalls<[], typeof Greeting>();
  return { loads, component: lazyComponent<Props>(loads.call) };
}

test('a lazy component shows its placeholder until it has loaded, and is fetched once', async () => {
  const { loads, component } = greeting();
  const { container, rerender } = renderInPage(<LazyPart of={component} props={{ name: 'Ann' }} waiting="…" />);
  expect([container.textContent, component.ready()]).toEqual(['…', null]);
  await loads.answer(0, Greeting);
  expect([container.textContent, component.ready()]).toEqual(['Hello, Ann', Greeting]);
  rerender(<LazyPart of={component} props={{ name: 'Bo' }} />);
  expect(container.textContent).toBe('Hello, Bo');
  expect(renderInPage(<LazyPart of={component} props={{ name: 'Cy' }} />).container.textContent).toBe('Hello, Cy');
  expect(loads.given).toHaveLength(1);
});

test('a lazy component that fails to load is fetched again every two seconds', async () => {
  const { loads, component } = greeting();
  const { container } = renderInPage(<LazyPart of={component} props={{ name: 'Ann' }} />);
  await loads.refuse(0, 'offline');
  await wait(1_999);
  expect(loads.given).toHaveLength(1);
  await wait(1);
  expect(loads.given).toHaveLength(2);
  await loads.refuse(1, 'offline');
  await wait(2_000);
  await loads.answer(2, Greeting);
  expect([container.textContent, loads.given.length]).toEqual(['Hello, Ann', 3]);
});

test('a lazy component is not fetched again after unmount', async () => {
  const { loads, component } = greeting();
  const first = renderInPage(<LazyPart of={component} props={{ name: 'Ann' }} />);
  const second = renderInPage(<LazyPart of={component} props={{ name: 'Bo' }} />);
  await loads.refuse(0, 'offline');
  first.unmount();
  second.unmount();
  await loads.refuse(1, 'offline');
  await wait(10_000);
  expect(loads.given).toHaveLength(2);
});

/** Prefetches while it is rendered with `ready`. */
function Prefetch({ ready }: { readonly ready: boolean }): null {
  usePrefetch(ready);
  return null;
}

const onFast = (fast: boolean) => vi.stubGlobal('navigator', { connection: { effectiveType: fast ? '4g' : '3g' } });

test('lazy components are prefetched when the caller is ready and the browser idle, and a failure is ignored', async () => {
  onFast(true);
  const { loads, component } = greeting();
  let whenIdle: () => void = () => undefined;
  const requestIdleCallback = vi.fn((callback: () => void) => {
    whenIdle = callback;
  });
  vi.stubGlobal('requestIdleCallback', requestIdleCallback);
  vi.stubGlobal('cancelIdleCallback', () => undefined);
  const { rerender, unmount } = renderInPage(<Prefetch ready={false} />);
  expect(requestIdleCallback).not.toHaveBeenCalled();
  rerender(<Prefetch ready={true} />);
  expect([requestIdleCallback.mock.calls[0]?.slice(1), loads.given.length]).toEqual([[{ timeout: 5_000 }], 0]);
  whenIdle();
  await loads.refuse(0, 'offline');
  whenIdle();
  await loads.answer(1, Greeting);
  expect(component.ready()).toBe(Greeting);
  unmount();
});

test('lazy components are prefetched after two seconds if the browser has no idle callback', async () => {
  onFast(true);
  const { loads } = greeting();
  expect('requestIdleCallback' in window).toBe(false);
  renderInPage(<Prefetch ready={true} />);
  await wait(1_999);
  expect(loads.given).toHaveLength(0);
  await wait(1);
  expect(loads.given).toHaveLength(1);
});

test('lazy components registered by a prefetched one are prefetched too, unless the connection has become slow', async () => {
  onFast(true);
  const { loads } = greeting();
  renderInPage(<Prefetch ready={true} />);
  await wait(2_000);
  const { loads: inner } = greeting();
  await loads.answer(loads.given.length - 1, Greeting);
  await vi.waitFor(() => expect(inner.given).toHaveLength(1));
  const { loads: third } = greeting();
  onFast(false);
  await inner.answer(0, Greeting);
  await wait(60_000);
  expect(third.given).toHaveLength(0);
});

test('nothing is prefetched over a slow connection, or after unmount', async () => {
  const { loads } = greeting();
  onFast(false);
  renderInPage(<Prefetch ready={true} />);
  await wait(60_000);
  onFast(true);
  renderInPage(<Prefetch ready={true} />).unmount();
  await wait(60_000);
  expect(loads.given).toHaveLength(0);
});
