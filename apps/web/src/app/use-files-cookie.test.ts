// @vitest-environment happy-dom
import { ChatFailure, type SignedIn } from '@everywire/chat-client';
import { renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import { fakeTimeouts } from '../test-kit/fake-timeouts.js';
import { useFilesCookie } from './use-files-cookie.js';

const wait = fakeTimeouts();
const account = { token: 'ewt_x' } as SignedIn;

/** The cookie is refused so often, with this code, and then given. */
function open(refusals: number, code: string) {
  let asked = 0;
  const backend = {
    openFiles: async () => {
      asked += 1;
      if (asked <= refusals) throw new ChatFailure(code, true);
    },
  };
  const { result, unmount } = renderHook(() => useFilesCookie(backend, account));
  return { asked: () => asked, isOpen: () => result.current, unmount };
}

test('pictures are asked for once the server has given the cookie, and not before', async () => {
  const { isOpen } = open(0, '');
  expect(isOpen()).toBe(false);
  await wait(0);
  expect(isOpen()).toBe(true);
});

test('a server that is busy or restarts is asked again, after 1 s, 2 s, and at most 30 s', async () => {
  const { asked, isOpen } = open(7, 'rate_limited');
  const times: number[] = [];
  for (const ms of [0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000]) {
    await wait(ms);
    times.push(asked());
  }
  expect([times, isOpen()]).toEqual([[1, 2, 3, 4, 5, 6, 7], false]);
  await wait(30_000);
  expect(isOpen()).toBe(true);
});

test('a sign-in that has ended is not asked for again, and neither is anything once the page has gone on', async () => {
  const ended = open(9, 'unauthenticated');
  const gone = open(9, 'offline');
  await wait(0);
  gone.unmount();
  await wait(60_000);
  expect([ended.asked(), gone.asked()]).toEqual([1, 1]);
});
