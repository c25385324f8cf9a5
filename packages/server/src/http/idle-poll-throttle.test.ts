import { expect, it } from 'vitest';
import { IdlePollThrottle } from './idle-poll-throttle.js';

// Tests `IdlePollThrottle`, which delays the answers to requests of a session that brings nothing new. `take` returns
// the delay in milliseconds. The limits here allow 3 idle requests in a burst and one each 100 ms.

const counts = (received: number) => ({ ack: 0, received, seen: 0, sent: 0 });
const nothing = counts(0);

const limits = { quietAtOnce: 3, quietRefillMs: 100, heartbeatMs: 15_000 };

it('IdlePollThrottle answers a burst of idle requests of a session immediately and paces the others', () => {
  const throttle = new IdlePollThrottle(limits);
  const session = {};
  expect([1, 2, 3, 4, 5].map(() => throttle.take(session, nothing, 1_000))).toEqual([0, 0, 0, 100, 200]);
  // The two that wait are not answered yet.
  expect(throttle.take(session, nothing, 1_100)).toBe(200);
  expect(throttle.take(session, nothing, 1_600)).toBe(0);
});

it('IdlePollThrottle grants no larger burst after a long silence', () => {
  const throttle = new IdlePollThrottle(limits);
  const session = {};
  throttle.take(session, nothing, 0);
  expect([1, 2, 3, 4].map(() => throttle.take(session, nothing, 1_000_000))).toEqual([0, 0, 0, 100]);
});

it('IdlePollThrottle paces neither other sessions nor requests whose counts rose', () => {
  const throttle = new IdlePollThrottle({ quietAtOnce: 1, quietRefillMs: 1_000, heartbeatMs: 15_000 });
  const [one, other] = [{}, {}];
  expect(throttle.take(one, nothing, 0)).toBe(0);
  expect(throttle.take(one, nothing, 0)).toBe(1_000);
  expect(throttle.take(undefined, nothing, 0)).toBe(0);
  expect(throttle.take(other, nothing, 0)).toBe(0);
  expect(throttle.take(one, counts(5), 0)).toBe(0);
  expect(throttle.take(one, counts(5), 0)).toBe(2_000);
});
