import type { Status } from '@everywire/client';
import { describe, expect, test } from 'vitest';
import { isConnected, roundTripSeconds, wireView } from './wire-view.js';

const now = 1_000_000;
const attempts: never[] = [];
const around = { now, connectingSince: now, online: true };

function open(transport: Extract<Status, { readonly state: 'open' }>['transport'], roundTripMs: number | null): Status {
  return { state: 'open', transport, roundTripMs, attempts };
}

function lost(since: number): Status {
  return { state: 'reconnecting', since, attempts };
}

describe('wireView', () => {
  test('wireView distinguishes WebSocket from both stream transports', () => {
    expect(wireView(open('websocket', 24), around)?.line).toBe('fine');
    expect(wireView(open('event-stream', 41), around)?.line).toBe('stream');
    expect(wireView(open('fetch-stream', 41), around)?.line).toBe('stream');
  });

  test('wireView calls long polling slow only above 300 ms', () => {
    expect(wireView(open('long-poll', null), around)?.line).toBe('poll');
    expect(wireView(open('long-poll', 300), around)?.line).toBe('poll');
    expect(wireView(open('long-poll', 301), around)?.line).toBe('slow');
    expect(roundTripSeconds(301)).toBe(1);
    expect(roundTripSeconds(2_600)).toBe(3);
  });

  test('[item 25] wireView hides a loss for two seconds', () => {
    expect(wireView(lost(now - 1_999), around)).toBe(null);
    expect(wireView(lost(now - 2_000), around)).toEqual({ line: 'again', first: false });
    const waiting: Status = { state: 'waiting', since: now - 1_999, retryAt: now + 8_000, attempts };
    expect(wireView(waiting, around)).toBe(null);
    const connecting: Status = { state: 'connecting', attempts };
    expect(wireView(connecting, { ...around, connectingSince: now - 1_999 })).toBe(null);
    expect(wireView(connecting, { ...around, connectingSince: now - 2_000 })).toEqual({ line: 'again', first: true });
  });

  test('wireView reports offline after ten seconds of attempts, or if the device says so', () => {
    expect(wireView(lost(now - 10_000), around)).toEqual({ line: 'cut', retry: 'always' });
    expect(wireView(lost(now - 2_000), { ...around, online: false })).toEqual({ line: 'cut', retry: 'always' });
    expect(wireView(lost(now - 1_999), { ...around, online: false })).toBe(null);
  });

  test('wireView reports a blocked connection immediately', () => {
    const blocked: Status = { state: 'blocked', reason: 'too_large', bytes: 256, since: now, attempts };
    const view = wireView(blocked, around);
    expect(view).toEqual({ line: 'blocked' });
    expect(view && isConnected(view)).toBe(false);
  });

  test('wireView counts down to the next attempt, not below zero', () => {
    const waiting: Status = { state: 'waiting', since: now - 5_000, retryAt: now + 7_200, attempts };
    expect(wireView(waiting, around)).toEqual({ line: 'cut', retry: { inSeconds: 8 } });
    expect(wireView(waiting, { ...around, now: now + 9_000 })).toEqual({ line: 'cut', retry: { inSeconds: 0 } });
  });
});
