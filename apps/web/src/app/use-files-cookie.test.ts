// @vitest-environment happy-dom
import { ChatFailure, type SignedIn } from '@everywire/chat-client';
import { renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import { fakeTimeouts } from '../test-kit/fake-timeouts.js';
import { useFilesCookie } from './use-files-cookie.js';

const wait = fakeTimeouts();
const account = { token: 'ewt_x' } as SignedIn;

/** Renders the hook over a server that refuses the cookie for files so many times with this code (marked as retryable), then sets it. */
function open(refusals: number, code: string) {
  let requests = 0;
  const backend = {
    openFiles: async () => {
      requests += 1;
      if (requests <= refusals) throw new ChatFailure(code, true);
    },
  };
  const { result, unmount } = renderHook(() => useFilesCookie(backend, account));
  return { asked: () => requests, isOpen: () => result.current, unmount };
}

test('pictures are requested only after the server has set the cookie', async () => {
  const { isOpen } = open(0, '');
  expect(isOpen()).toBe(false);
  await wait(0);
  expect(isOpen()).toBe(true);
});

test('the cookie request is retried after 1 s, then after twice as long each time, up to 30 s', async () => {
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

test('the cookie request is not retried after the sign-in ended or after unmount', async () => {
  const ended = open(9, 'unauthenticated');
  const gone = open(9, 'offline');
  await wait(0);
  gone.unmount();
  await wait(60_000);
  expect([ended.asked(), gone.asked()]).toEqual([1, 1]);
});
