import type { Status } from '@everywire/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { reloadOutdated } from './reload-outdated.js';

const verdict = { clean: false, code: 'wire_version', acknowledged: 0, sent: 0, unknown: 0 };
const outdated: Status = { state: 'closed', verdict };
const open: Status = { state: 'open', transport: 'websocket', roundTripMs: null, attempts: [] };
const reload = vi.fn();

beforeEach(() => {
  const stored = new Map<string, string>();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  });
  vi.stubGlobal('location', { reload });
});
afterEach(() => {
  vi.unstubAllGlobals();
  reload.mockClear();
});

it('[SN-42.4] a page with another version than its server reloads once', () => {
  for (let times = 0; times < 3; times += 1) reloadOutdated(outdated);
  expect(reload).toHaveBeenCalledOnce();
});

it('[SN-42.4] the page may reload again after a session has opened', () => {
  reloadOutdated(outdated);
  reloadOutdated(open);
  reloadOutdated(outdated);
  expect(reload).toHaveBeenCalledTimes(2);
});

it('other reasons for the end of a session do not reload the page', () => {
  reloadOutdated({ state: 'closed', verdict: { ...verdict, code: 'replaced' } });
  reloadOutdated(open);
  expect(reload).not.toHaveBeenCalled();
});

it('without storage the page never reloads', () => {
  vi.stubGlobal('sessionStorage', undefined);
  reloadOutdated(outdated);
  expect(reload).not.toHaveBeenCalled();
});
