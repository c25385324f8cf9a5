// @vitest-environment happy-dom
import { act, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeTimeouts } from '../test-kit/fake-timeouts.js';
import { renderInPage } from '../test-kit/render-in-page.js';

const page = (main: string) => `<div id="page"></div><script type="module" crossorigin src="${main}"></script>`;
const reload = vi.fn();
const wait = fakeTimeouts();

/** What the server answers for the page. */
let served: () => Promise<Response>;

beforeEach(() => {
  // With a source of its own happy-dom would try to run it.
  const main = document.createElement('script');
  main.type = 'module';
  vi.spyOn(document, 'querySelector').mockReturnValue(main);
  vi.spyOn(main, 'getAttribute').mockReturnValue('/assets/index-old.js');
  vi.stubGlobal('location', { reload });
  vi.stubGlobal('fetch', () => served());
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.resetModules();
  reload.mockClear();
  // Here the page is not loaded again.
  document.body.inert = false;
});

/** Each test has a page of its own, which has found no newer version yet. */
async function show(close?: () => Promise<void>): Promise<void> {
  const [{ NewVersionBar }, { watchParts }] = await Promise.all([
    import('./new-version-bar.js'),
    import('./new-version.js'),
  ]);
  watchParts();
  renderInPage(<NewVersionBar {...(close === undefined ? {} : { close })} />);
}

/** A part of the page could not be fetched. */
const failPart = () => act(async () => void window.dispatchEvent(new Event('vite:preloadError', { cancelable: true })));

const button = () => screen.queryByRole('button');

test('a part that cannot be fetched because the page was replaced offers the new version, and one press reloads', async () => {
  served = async () => new Response(page('/assets/index-new.js'));
  const kept = vi.fn(async () => undefined);
  await show(kept);
  expect(button()).toBeNull();
  await failPart();
  fireEvent.click(screen.getByRole('button'));
  await wait(0);
  expect([kept.mock.calls.length, reload.mock.calls.length]).toEqual([1, 1]);
});

test('the page reloads also where nothing could be kept, and after two seconds where keeping does not end', async () => {
  served = async () => new Response(page('/assets/index-new.js'));
  await show(() => new Promise(() => undefined));
  await failPart();
  fireEvent.click(screen.getByRole('button'));
  await wait(1_999);
  expect(reload).not.toHaveBeenCalled();
  // What was written now would be kept by nobody.
  expect(document.body.inert).toBe(true);
  await wait(1);
  expect(reload).toHaveBeenCalledOnce();
});

test('where the browser asks before it leaves the page, the page goes on as it was until then', async () => {
  served = async () => new Response(page('/assets/index-new.js'));
  const kept = vi.fn(async () => undefined);
  await show(kept);
  const { askBeforeUnload } = await import('./unload-question.js');
  const end = askBeforeUnload();
  await failPart();
  fireEvent.click(screen.getByRole('button'));
  await wait(0);
  end();
  expect([kept.mock.calls.length, document.body.inert, reload.mock.calls.length]).toEqual([0, false, 1]);
});

test('no new version is offered without a connection, at a failing server, behind a portal, or while the page is the same', async () => {
  const answers: readonly (() => Promise<Response>)[] = [
    () => Promise.reject(new TypeError('offline')),
    async () => new Response('restarting', { status: 503 }),
    async () => new Response('<h1>Accept our terms</h1>'),
    async () => new Response(page('/assets/index-old.js')),
  ];
  served = async () => new Response();
  await show();
  for (const answer of answers) {
    served = answer;
    await failPart();
    expect(button()).toBeNull();
  }
  served = async () => new Response(page('/assets/index-new.js'));
  await failPart();
  expect(button()).not.toBeNull();
});
