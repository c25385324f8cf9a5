import { expect, it } from 'vitest';
import { UpstreamCheck } from './upstream-check.js';

const patienceMs = 1000;

it('[SN-15.9] unconfirmed messages are asked about after half the timeout, then proven by a second link', () => {
  const watch = new UpstreamCheck();
  watch.look(true, 0);
  expect([watch.check(499, patienceMs), watch.check(500, patienceMs)]).toEqual(['nothing', 'ask']);
  watch.ask(500);
  expect([watch.check(999, patienceMs), watch.check(1000, patienceMs)]).toEqual(['nothing', 'prove']);
});

it('every second failed proof doubles the wait for the next', () => {
  const watch = new UpstreamCheck();
  const waits = Array.from({ length: 5 }, () => {
    watch.prove(null, 0);
    let now = 0;
    while (watch.check(now, patienceMs) === 'nothing') now += 500;
    return now;
  });
  expect(waits).toEqual([1000, 1000, 2000, 2000, 4000]);
});

it('no confirmation is awaited once everything is confirmed, unless the server was asked', () => {
  const watch = new UpstreamCheck();
  watch.look(true, 0);
  watch.look(false, 1);
  expect(watch.isWaiting).toBe(false);
  watch.ask(2);
  watch.look(false, 3);
  expect(watch.isWaiting).toBe(true);
  watch.assure();
  expect(watch.isWaiting).toBe(false);
});
