import type { Status } from '@everywire/client';
import { describe, expect, test } from 'vitest';
import { slowSeconds, wireView } from './wire-view.js';

const now = 1_000_000;
const attempts: never[] = [];

function open(transport: Extract<Status, { readonly state: 'open' }>['transport'], roundTripMs: number | null): Status {
  return { state: 'open', transport, roundTripMs, attempts };
}

describe('wireView', () => {
  test('draws WebSocket as a hairline and both streams as a line with dots', () => {
    expect(wireView(open('websocket', 24), now, now)?.line).toBe('fine');
    expect(wireView(open('event-stream', 41), now, now)?.line).toBe('stream');
    expect(wireView(open('fetch-stream', 41), now, now)?.line).toBe('stream');
  });

  test('calls long polling slow only where it is: above 300 ms', () => {
    expect(wireView(open('long-poll', null), now, now)?.line).toBe('poll');
    expect(wireView(open('long-poll', 300), now, now)?.line).toBe('poll');
    expect(wireView(open('long-poll', 301), now, now)?.line).toBe('slow');
    expect(slowSeconds(301)).toBe(1);
    expect(slowSeconds(2_600)).toBe(3);
  });

  test('[item 25] says nothing of a loss for two seconds', () => {
    const lost: Status = { state: 'reconnecting', since: now - 1_999, attempts };
    expect(wireView(lost, now, 0)).toBe(null);
    expect(wireView(lost, now + 1, 0)).toEqual({ line: 'again', first: false });
    const waiting: Status = { state: 'waiting', since: now - 1_999, retryAt: now + 8_000, attempts };
    expect(wireView(waiting, now, 0)).toBe(null);
    expect(wireView({ state: 'connecting', attempts }, now, now - 1_999)).toBe(null);
    expect(wireView({ state: 'connecting', attempts }, now, now - 2_000)).toEqual({ line: 'again', first: true });
  });

  test('counts down to the next try, and never below nought', () => {
    const waiting: Status = { state: 'waiting', since: now - 5_000, retryAt: now + 7_200, attempts };
    expect(wireView(waiting, now, 0)).toEqual({ line: 'cut', retryInSeconds: 8 });
    expect(wireView(waiting, now + 9_000, 0)).toEqual({ line: 'cut', retryInSeconds: 0 });
  });
});
