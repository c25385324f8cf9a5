// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { asksBeforeUnload } from '../test-kit/asks-before-unload.js';
import { chatWith } from '../test-kit/render-in-page.js';
import { stopTrays, trayAt } from './trays.js';

test('the browser asks before the page is left while files wait beside a field, in whatever conversation', () => {
  const chat = chatWith({ upload: () => new Promise(() => undefined) });
  expect(asksBeforeUnload()).toBe(false);
  const tray = trayAt(chat, 13, null);
  tray.add([new File(['tides'], 'tides.txt')]);
  expect(asksBeforeUnload()).toBe(true);
  tray.remove(0);
  expect(asksBeforeUnload()).toBe(false);
  tray.add([new File(['tides'], 'tides.txt')]);
  stopTrays(chat);
  expect([asksBeforeUnload(), tray.getSnapshot().items]).toEqual([false, []]);
});
