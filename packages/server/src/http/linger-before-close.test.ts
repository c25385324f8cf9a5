import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { lingerBeforeClose } from './linger-before-close.js';

// Tests `lingerBeforeClose`. A server that refuses a body reads on for a while before it closes the connection;
// otherwise the client would see a reset connection instead of the answer.

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Refuses a request with an unfinished body and records after how many milliseconds its connection is cut. */
function refused() {
  const startedAt = Date.now();
  const socket = { remoteAddress: '192.0.2.1', cutAfterMs: -1, destroySoon() {}, end() {}, destroy() {} };
  const request = Object.assign(new EventEmitter(), {
    socket,
    complete: false,
    paused: false,
    resume() {},
    pause() {},
  });
  request.pause = () => {
    request.paused = true;
  };
  socket.destroy = () => {
    socket.cutAfterMs = Date.now() - startedAt;
    request.emit('close');
  };
  lingerBeforeClose(request as unknown as IncomingMessage, { writableFinished: true } as ServerResponse);
  return { request, socket };
}

test('[TR-3.6] lingerBeforeClose cuts a connection after one second, whether or not its client continues to send', () => {
  const { request, socket } = refused();
  const silent = refused();
  const sending = setInterval(() => request.emit('data', Buffer.alloc(1_000)), 200);
  request.once('close', () => clearInterval(sending));
  vi.advanceTimersByTime(10_000);
  expect([socket.cutAfterMs, silent.socket.cutAfterMs]).toEqual([1_000, 1_000]);
});

test('lingerBeforeClose reads 8 MB from one address, pauses requests beyond that, and cuts them after a second', () => {
  const first = refused();
  first.request.emit('data', Buffer.alloc(8 << 20));
  const second = refused();
  second.request.emit('data', Buffer.alloc(1));
  expect([first.request.paused, second.request.paused]).toEqual([false, true]);
  vi.advanceTimersByTime(10_000);
  expect(second.socket.cutAfterMs).toBe(1_000);

  // The bytes of the first are released.
  const third = refused();
  third.request.emit('data', Buffer.alloc(8 << 20));
  expect(third.request.paused).toBe(false);
  vi.advanceTimersByTime(10_000);
});
