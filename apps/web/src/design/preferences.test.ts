// @vitest-environment happy-dom
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { forbidStorage } from '../test-kit/forbid-storage.js';

const key = 'everywire.preferences';
let wantsContrast = false;
let onContrast: () => void = () => undefined;

/** Loads the module again: preferences are read on the first import. */
async function loadedPage(language = 'en-GB') {
  vi.resetModules();
  vi.spyOn(navigator, 'language', 'get').mockReturnValue(language);
  const preferences = await import('./preferences.js');
  const { result } = renderHook(() => preferences.usePreferences());
  const choose = (change: Parameters<(typeof result.current)[1]>[0]) => act(() => result.current[1](change));
  return { ...preferences, choose, shown: () => result.current[0] };
}

/** The language and the data attributes of the document. */
const data = () => ({ lang: document.documentElement.lang, ...document.documentElement.dataset });
/** The stored preferences. */
const kept = () => JSON.parse(localStorage.getItem(key) ?? 'null');

beforeEach(() => {
  wantsContrast = false;
  vi.stubGlobal('matchMedia', (query: string) => ({
    matches: query === '(prefers-contrast: more)' && wantsContrast,
    addEventListener: (event: string, listener: () => void) => {
      if (event === 'change') onContrast = listener;
    },
  }));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  localStorage.clear();
});

describe('preferences', () => {
  test('preferences start with the browser’s values and store none of them', async () => {
    const { shown, readPreferences } = await loadedPage();
    expect(shown()).toEqual({
      language: 'en',
      theme: 'system',
      density: 'comfortable',
      sendWith: 'enter',
      connectionWords: 'needed',
      showTyping: true,
      lessMotion: false,
      openAtEnd: false,
      showDetails: true,
      notifications: true,
      notificationText: true,
      notificationSound: true,
      notificationOffer: 'none',
      transport: null,
    });
    expect([readPreferences(), kept()]).toEqual([shown(), null]);
  });

  test.each([
    ['zh', 'zh'],
    ['zh-TW', 'zh'],
    ['ZH-cn', 'zh'],
    ['de-zh', 'en'],
    ['fr', 'en'],
  ])('preferences start in the language of the browser: %s is %s', async (language, chosen) => {
    expect((await loadedPage(language)).shown().language).toBe(chosen);
  });

  test('each change is stored together with earlier ones, and defaults are not', async () => {
    const { choose, shown, readPreferences } = await loadedPage();
    choose({ density: 'compact' });
    choose({ theme: 'dark' });
    expect([shown().density, shown().theme, kept()]).toEqual([
      'compact',
      'dark',
      { density: 'compact', theme: 'dark' },
    ]);
    expect(readPreferences()).toBe(shown());
    const { shown: later } = await loadedPage('zh');
    expect([later().density, later().theme, later().language]).toEqual(['compact', 'dark', 'zh']);
  });

  test.each(['{', 'null', '7'])('a stored value that is not an object is ignored: %s', async (text) => {
    localStorage.setItem(key, text);
    expect((await loadedPage()).shown().theme).toBe('system');
  });

  test('without storage a change lasts until the page closes', async () => {
    const { choose, shown } = await loadedPage();
    forbidStorage();
    choose({ theme: 'dark' });
    expect(shown().theme).toBe('dark');
    expect((await loadedPage()).shown().theme).toBe('system');
  });

  test('preferences follow a change in another tab, and of no other key', async () => {
    const { followPreferences, shown } = await loadedPage();
    followPreferences();
    localStorage.setItem(key, JSON.stringify({ theme: 'light' }));
    act(() => void window.dispatchEvent(new StorageEvent('storage', { key: 'other' })));
    expect(shown().theme).toBe('system');
    act(() => void window.dispatchEvent(new StorageEvent('storage', { key })));
    expect([shown().theme, data()]).toMatchObject(['light', { theme: 'light' }]);
  });
});

describe('the document', () => {
  test.each([
    [{}, {}],
    [{ language: 'zh' }, { lang: 'zh-CN' }],
    [{ theme: 'light' }, { theme: 'light' }],
    [{ theme: 'dark' }, { theme: 'dark' }],
    [{ theme: 'contrast' }, { contrast: 'more' }],
    [{ density: 'compact' }, { density: 'compact' }],
    [{ lessMotion: true }, { motion: 'less' }],
    [{ openAtEnd: true, showTyping: false }, {}],
  ] as const)('the document reflects %j as %j until it is reverted', async (change, shown) => {
    const { choose } = await loadedPage();
    choose(change);
    expect(data()).toEqual({ lang: 'en', ...shown });
    choose({ language: 'en', theme: 'system', density: 'comfortable', lessMotion: false });
    expect(data()).toEqual({ lang: 'en' });
  });

  test('the document has more contrast if the system asks for it, also later and with a theme', async () => {
    const { followPreferences, choose } = await loadedPage();
    choose({ theme: 'dark' });
    followPreferences();
    expect(data()).toEqual({ lang: 'en', theme: 'dark' });
    wantsContrast = true;
    onContrast();
    expect(data()).toEqual({ lang: 'en', theme: 'dark', contrast: 'more' });
    wantsContrast = false;
    onContrast();
    expect(data()).toEqual({ lang: 'en', theme: 'dark' });
  });
});
