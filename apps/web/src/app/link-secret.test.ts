// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { forbidStorage } from '../test-kit/forbid-storage.js';
import { forgetFollowedLink, storedLink, takeFollowedLink } from './link-secret.js';

afterEach(() => {
  vi.unstubAllGlobals();
  sessionStorage.clear();
});

const secret = `ewl_${'aB0-_'.repeat(16)}`;

test.each(['setup', 'join', 'reset'])('a %s link is taken once and its secret is removed from the address', (path) => {
  history.replaceState(null, '', `/app?x=1#/${path}/${secret}`);
  expect(takeFollowedLink()).toEqual({ path, secret });
  expect(`${location.pathname}${location.search}${location.hash}`).toBe('/app?x=1');
  expect(takeFollowedLink()).toBeNull();
});

test.each(['#/other/ewl_abc', '#/join/ewl_', '#/join/abc', `#/join/${secret}x`, '#/join/ewl_abc/d', '#/c/12', ''])(
  'the fragment %j is not a link and is kept',
  (hash) => {
    history.replaceState(null, '', `/app${hash}`);
    expect(takeFollowedLink()).toBeNull();
    expect(location.hash).toBe(hash);
  },
);

test('the last opened link is kept for this tab until it is forgotten', () => {
  expect(storedLink()).toBeNull();
  for (const path of ['setup', 'join']) {
    history.replaceState(null, '', `/app#/${path}/${secret}`);
    takeFollowedLink();
  }
  expect(storedLink()).toEqual({ path: 'join', secret });
  forgetFollowedLink();
  expect(storedLink()).toBeNull();
});

test('a link is taken even if the browser forbids storage', () => {
  forbidStorage();
  history.replaceState(null, '', `/app#/join/${secret}`);
  expect([takeFollowedLink(), storedLink()]).toEqual([{ path: 'join', secret }, null]);
  forgetFollowedLink();
});
