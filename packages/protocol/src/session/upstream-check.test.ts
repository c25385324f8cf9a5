import { expect, it } from 'vitest';
import { UpstreamCheck } from './upstream-check.js';

// Tests `UpstreamCheck`, which finds that the messages of a client are not confirmed: the client first asks the server
// (a ping), then proves the link by a second one. Times are in milliseconds.

/** The timeout for an answer. */
const timeoutMs = 1000;

it('[SN-15.9] unconfirmed messages are asked about after half the timeout, then proven by a second link', () => {
  const upstream = new UpstreamCheck();
  upstream.look(true, 0);
  expect([upstream.check(499, timeoutMs), upstream.check(500, timeoutMs)]).toEqual(['nothing', 'ask']);
  upstream.ask(500);
  expect([upstream.check(999, timeoutMs), upstream.check(1000, timeoutMs)]).toEqual(['nothing', 'prove']);
});

it('every second failed proof doubles the wait for the next', () => {
  const upstream = new UpstreamCheck();
  const waits = Array.from({ length: 5 }, () => {
    upstream.prove(null, 0);
    let now = 0;
    while (upstream.check(now, timeoutMs) === 'nothing') now += 500;
    return now;
  });
  expect(waits).toEqual([1000, 1000, 2000, 2000, 4000]);
});

it('no confirmation is awaited once everything is confirmed, unless the server was asked', () => {
  const upstream = new UpstreamCheck();
  upstream.look(true, 0);
  upstream.look(false, 1);
  expect(upstream.isWaiting).toBe(false);
  upstream.ask(2);
  upstream.look(false, 3);
  expect(upstream.isWaiting).toBe(true);
  upstream.assure();
  expect(upstream.isWaiting).toBe(false);
});
