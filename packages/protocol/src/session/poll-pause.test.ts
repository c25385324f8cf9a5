import { expect, it } from 'vitest';
import { SHORT_POLL_LEAST_MS } from '../limits.js';
import { PollPause, refusedPollMs } from './poll-pause.js';
import { shortPoll } from './test-kit/client-bench.js';

// Tests `PollPause`: the time between two short polls, which the server answers immediately instead of holding them.

/** The longest pause, which the transport requests. */
const everyMs = 20 * SHORT_POLL_LEAST_MS;

it('[SN-34.2] a poll pause is short after traffic, then doubles up to the requested one', () => {
  const pause = new PollPause();
  pause.messageCame();
  const pauses = Array.from({ length: 7 }, () => pause.nextMs(everyMs, 0) / SHORT_POLL_LEAST_MS);
  expect(pauses).toEqual([1, 2, 4, 8, 16, 20, 20]);
});

it('a message sent since the pause began makes the next one short', () => {
  const pause = new PollPause();
  for (let k = 0; k < 5; k += 1) pause.nextMs(everyMs, 0);
  pause.begin(shortPoll, 3, 1000);
  expect([pause.hasSent(3), pause.hasSent(4), pause.soonestAt]).toEqual([false, true, 1000 + SHORT_POLL_LEAST_MS]);
  expect(pause.nextMs(everyMs, 4)).toBe(SHORT_POLL_LEAST_MS);
});

it('the pause after a poll that came too soon has a minimum and a maximum', () => {
  expect([refusedPollMs(0), refusedPollMs(1e9)]).toEqual([SHORT_POLL_LEAST_MS / 4, 2 * SHORT_POLL_LEAST_MS]);
});
