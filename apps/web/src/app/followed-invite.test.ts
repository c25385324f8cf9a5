// @vitest-environment happy-dom
import type { InviteLink } from '@everywire/chat-client';
import { cleanup, renderHook } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { forbidStorage } from '../test-kit/forbid-storage.js';
import { storeFollowedInvite, useFollowedInvite } from './followed-invite.js';

const secret = '0f1e2d3c4b5a69788796a5b4c3d2e1f0';
const link: InviteLink = { conversation: 12, secret };
const address = () => `${location.pathname}${location.search}${location.hash}`;

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  sessionStorage.clear();
});

test('a group invite link is removed from the address and delivered once, after sign-in', () => {
  history.replaceState(null, '', `/app?x=1#join/12/${secret}`);
  storeFollowedInvite();
  expect(address()).toBe('/app?x=1');
  // The page renders the hook after sign-in, and once more when it is mounted again.
  const onLink = vi.fn();
  renderHook(() => useFollowedInvite(onLink));
  renderHook(() => useFollowedInvite(onLink));
  expect(onLink.mock.calls).toEqual([[link]]);
});

test('a group invite link opened while the page is open is delivered immediately, and none after unmount', () => {
  history.replaceState(null, '', '/app');
  const onLink = vi.fn();
  const { unmount } = renderHook(() => useFollowedInvite(onLink));
  expect(onLink).not.toHaveBeenCalled();
  history.replaceState(null, '', `/app#join/12/${secret}`);
  window.dispatchEvent(new Event('hashchange'));
  expect(onLink.mock.calls).toEqual([[link]]);
  expect(address()).toBe('/app');
  unmount();
  history.replaceState(null, '', `/app#join/13/${secret}`);
  window.dispatchEvent(new Event('hashchange'));
  expect(onLink).toHaveBeenCalledTimes(1);
});

test('an address without an invite link is not changed', () => {
  history.replaceState(null, '', '/app#/c/12');
  const onLink = vi.fn();
  renderHook(() => useFollowedInvite(onLink));
  expect(onLink).not.toHaveBeenCalled();
  expect(address()).toBe('/app#/c/12');
});

test('if the browser blocks storage, an invite link is removed from the address and not delivered, and nothing throws', () => {
  forbidStorage();
  history.replaceState(null, '', `/app#join/12/${secret}`);
  const onLink = vi.fn();
  renderHook(() => useFollowedInvite(onLink));
  expect(onLink).not.toHaveBeenCalled();
  expect(address()).toBe('/app');
});
