// @vitest-environment happy-dom
import { act, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeTimeouts } from '../test-kit/fake-timeouts.js';
import { renderInPage } from '../test-kit/render-in-page.js';

/** The document of the page with this main script. The name of the script changes with each version. */
const page = (main: string) => `<div id="page"></div><script type="module" crossorigin src="${main}"></script>`;
const reload = vi.fn();
const wait = fakeTimeouts();

/** The server's answer for the page. */
let served: () => Promise<Response>;

beforeEach(() => {
  // Without a `src`, because happy-dom would try to run it.
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
  // happy-dom does not reload the page.
  document.body.inert = false;
});

/** Each test imports the modules again, in the state before a newer version was found. */
async function show(close?: () => Promise<void>): Promise<void> {
  const [{ NewVersionBar }, { watchChunks }] = await Promise.all([
    import('./new-version-bar.js'),
    import('./new-version.js'),
  ]);
  watchChunks();
  renderInPage(<NewVersionBar {...(close === undefined ? {} : { close })} />);
}

/** Simulates a chunk that could not be fetched. */
const failPart = () => act(async () => void window.dispatchEvent(new Event('vite:preloadError', { cancelable: true })));

const button = () => screen.queryByRole('button');

test('a chunk missing after an upgrade shows the new-version bar, and one press reloads', async () => {
  served = async () => new Response(page('/assets/index-new.js'));
  const kept = vi.fn(async () => undefined);
  await show(kept);
  expect(button()).toBeNull();
  await failPart();
  fireEvent.click(screen.getByRole('button'));
  await wait(0);
  expect([kept.mock.calls.length, reload.mock.calls.length]).toEqual([1, 1]);
});

test('the page reloads even if saving fails, and after two seconds if saving does not end', async () => {
  served = async () => new Response(page('/assets/index-new.js'));
  await show(() => new Promise(() => undefined));
  await failPart();
  fireEvent.click(screen.getByRole('button'));
  await wait(1_999);
  expect(reload).not.toHaveBeenCalled();
  // Input made now would be lost.
  expect(document.body.inert).toBe(true);
  await wait(1);
  expect(reload).toHaveBeenCalledOnce();
});

test('the page keeps working while the browser prompts before it unloads', async () => {
  served = async () => new Response(page('/assets/index-new.js'));
  const kept = vi.fn(async () => undefined);
  await show(kept);
  const { askBeforeUnload } = await import('./unload-prompt.js');
  const end = askBeforeUnload();
  await failPart();
  fireEvent.click(screen.getByRole('button'));
  await wait(0);
  end();
  expect([kept.mock.calls.length, document.body.inert, reload.mock.calls.length]).toEqual([0, false, 1]);
});

test('no new version is offered offline, for a failing server, behind a portal, or for the same page', async () => {
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
