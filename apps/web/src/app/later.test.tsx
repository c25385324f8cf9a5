// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { fakeTimeouts } from '../test-kit/fake-timeouts.js';
import { pendingCalls } from '../test-kit/pending-calls.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { fetchTheRest, Later, later } from './later.js';

interface Props {
  readonly name: string;
}

const Greeting = ({ name }: Props) => `Hello, ${name}`;

afterEach(() => {
  vi.unstubAllGlobals();
});

const wait = fakeTimeouts();

function greeting() {
  const loads = pendingCalls<[], typeof Greeting>();
  return { loads, component: later<Props>(loads.call) };
}

test('a later component shows what stands for it until it has come, and is loaded once', async () => {
  const { loads, component } = greeting();
  const { container, rerender } = renderInPage(<Later of={component} props={{ name: 'Ann' }} waiting="…" />);
  expect([container.textContent, component.ready()]).toEqual(['…', null]);
  await loads.answer(0, Greeting);
  expect([container.textContent, component.ready()]).toEqual(['Hello, Ann', Greeting]);
  rerender(<Later of={component} props={{ name: 'Bo' }} />);
  expect(container.textContent).toBe('Hello, Bo');
  expect(renderInPage(<Later of={component} props={{ name: 'Cy' }} />).container.textContent).toBe('Hello, Cy');
  expect(loads.given).toHaveLength(1);
});

test('a later component is asked for every two seconds until it comes', async () => {
  const { loads, component } = greeting();
  const { container } = renderInPage(<Later of={component} props={{ name: 'Ann' }} />);
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

test('nothing is loaded again for a later component that is gone', async () => {
  const { loads, component } = greeting();
  const first = renderInPage(<Later of={component} props={{ name: 'Ann' }} />);
  const second = renderInPage(<Later of={component} props={{ name: 'Bo' }} />);
  await loads.refuse(0, 'offline');
  first.unmount();
  second.unmount();
  await loads.refuse(1, 'offline');
  await wait(10_000);
  expect(loads.given).toHaveLength(2);
});

test('the rest is fetched when the browser is idle, and a failure is left for later', async () => {
  const { loads, component } = greeting();
  let whenIdle: () => void = () => undefined;
  const requestIdleCallback = vi.fn((callback: () => void) => {
    whenIdle = callback;
  });
  vi.stubGlobal('requestIdleCallback', requestIdleCallback);
  fetchTheRest();
  expect([requestIdleCallback.mock.calls[0]?.slice(1), loads.given.length]).toEqual([[{ timeout: 5_000 }], 0]);
  whenIdle();
  await loads.refuse(0, 'offline');
  whenIdle();
  await loads.answer(1, Greeting);
  expect(component.ready()).toBe(Greeting);
});

test('the rest is fetched after two seconds where a browser does not say when it is idle', async () => {
  const { loads } = greeting();
  expect('requestIdleCallback' in window).toBe(false);
  fetchTheRest();
  await wait(1_999);
  expect(loads.given).toHaveLength(0);
  await wait(1);
  expect(loads.given).toHaveLength(1);
});

test('what a part of the rest leaves out in its turn is fetched too', async () => {
  const { loads } = greeting();
  fetchTheRest();
  await wait(2_000);
  const { loads: inner } = greeting();
  await loads.answer(loads.given.length - 1, Greeting);
  await vi.waitFor(() => expect(inner.given).toHaveLength(1));
});
