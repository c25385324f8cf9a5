// @vitest-environment happy-dom
import { cleanup, renderHook } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { en } from '../i18n/en.js';
import { useStatusAnnouncement } from './status-announcement.js';
import type { WireView } from './wire-view.js';

afterEach(cleanup);

const fine: WireView = { line: 'fine', transport: 'websocket', roundTripMs: 20 };
const stream: WireView = { line: 'stream', transport: 'event-stream', roundTripMs: 20 };
const poll: WireView = { line: 'poll', transport: 'long-poll', roundTripMs: 20 };
const slow = (roundTripMs: number): WireView => ({ line: 'slow', transport: 'long-poll', roundTripMs });
const again: WireView = { line: 'again', first: false };
const cut: WireView = { line: 'cut', retry: 'always' };

const trying = `${en.reconnecting} ${en.reconnectingWords}`;
const offline = `${en.cut} ${en.cutWords}`;

/** Renders the hook. `hear` renders it with another view of the connection and returns the announcement. */
function listen(first: WireView) {
  const { result, rerender } = renderHook((view: WireView) => useStatusAnnouncement(view), { initialProps: first });
  const hear = (view: WireView) => {
    rerender(view);
    return result.current;
  };
  return { said: result, hear };
}

test('nothing is announced while the connection is good, whatever the transport', () => {
  const { said, hear } = listen(fine);
  expect([said.current, hear(stream), hear(poll), hear(fine)]).toEqual(['', '', '', '']);
});

test('waiting and trying are each announced once per outage, and so is its end', () => {
  const { hear } = listen(fine);
  expect([hear(again), hear(cut), hear(again), hear(cut)]).toEqual([trying, offline, offline, offline]);
  expect([hear(fine), hear(poll)]).toEqual([en.connectedAgain, en.connectedAgain]);
  expect([hear(cut), hear(again), hear(stream)]).toEqual([offline, trying, en.connectedAgain]);
});

test.each([
  [301, 1],
  [1_499, 1],
  [1_500, 2],
])('a slow connection of %d ms is announced in seconds: %d', (roundTripMs, seconds) => {
  const { hear } = listen(fine);
  expect(hear(slow(roundTripMs))).toBe(`${en.slow} ${en.slowWords(seconds)}`);
  expect(hear(slow(9_000))).toBe(`${en.slow} ${en.slowWords(seconds)}`);
  expect(hear(poll)).toBe(en.connectedAgain);
});

test('a page that opens offline announces it', () => {
  expect(listen(cut).said.current).toBe(offline);
});
