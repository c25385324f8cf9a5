import type { Status } from '@everywire/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { reloadOutdated } from './reload-outdated.js';

const verdict = { clean: false, code: 'wire_version', acknowledged: 0, sent: 0, unknown: 0 };
const outdated: Status = { state: 'closed', verdict };
const open: Status = { state: 'open', transport: 'websocket', roundTripMs: null, attempts: [] };
const reload = vi.fn();

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
  vi.stubGlobal('location', { reload });
});
afterEach(() => {
  vi.unstubAllGlobals();
  reload.mockClear();
});

it('[SN-42.4] a page of another version than its server is reloaded once', () => {
  for (let times = 0; times < 3; times += 1) reloadOutdated(outdated);
  expect(reload).toHaveBeenCalledOnce();
});

it('[SN-42.4] the page may be reloaded again after a session was open', () => {
  reloadOutdated(outdated);
  reloadOutdated(open);
  reloadOutdated(outdated);
  expect(reload).toHaveBeenCalledTimes(2);
});

it('no other end of a session reloads the page', () => {
  reloadOutdated({ state: 'closed', verdict: { ...verdict, code: 'replaced' } });
  reloadOutdated(open);
  expect(reload).not.toHaveBeenCalled();
});

it('without storage the page is never reloaded', () => {
  vi.stubGlobal('sessionStorage', undefined);
  reloadOutdated(outdated);
  expect(reload).not.toHaveBeenCalled();
});
