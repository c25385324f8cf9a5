import { expect, it } from 'vitest';
import { IdlePollThrottle } from './idle-poll-throttle.js';

const counts = (received: number) => ({ ack: 0, received, seen: 0, sent: 0 });
const nothing = counts(0);

const limits = { quietAtOnce: 3, quietRefillMs: 100, heartbeatMs: 15_000 };

it('IdlePollThrottle answers a burst of idle requests of a session immediately and paces the others', () => {
  const pace = new IdlePollThrottle(limits);
  const session = {};
  expect([1, 2, 3, 4, 5].map(() => pace.take(session, nothing, 1_000))).toEqual([0, 0, 0, 100, 200]);
  // The two that wait are not answered yet.
  expect(pace.take(session, nothing, 1_100)).toBe(200);
  expect(pace.take(session, nothing, 1_600)).toBe(0);
});

it('IdlePollThrottle grants no larger burst after a long silence', () => {
  const pace = new IdlePollThrottle(limits);
  const session = {};
  pace.take(session, nothing, 0);
  expect([1, 2, 3, 4].map(() => pace.take(session, nothing, 1_000_000))).toEqual([0, 0, 0, 100]);
});

it('IdlePollThrottle paces neither other sessions nor requests whose counts rose', () => {
  const pace = new IdlePollThrottle({ quietAtOnce: 1, quietRefillMs: 1_000, heartbeatMs: 15_000 });
  const [one, other] = [{}, {}];
  expect(pace.take(one, nothing, 0)).toBe(0);
  expect(pace.take(one, nothing, 0)).toBe(1_000);
  expect(pace.take(undefined, nothing, 0)).toBe(0);
  expect(pace.take(other, nothing, 0)).toBe(0);
  expect(pace.take(one, counts(5), 0)).toBe(0);
  expect(pace.take(one, counts(5), 0)).toBe(2_000);
});
