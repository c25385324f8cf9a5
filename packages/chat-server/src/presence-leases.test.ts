import { expect, test } from 'vitest';
import { PresenceLeases } from './presence-leases.js';

// Tests `PresenceLeases`: each session of a user who is active holds a lease of 90 ms; its user is online while a lease
// lasts. `renew(session, user, now)` and `end(session, now)` return the presences that changed.

const online = (user: number) => ({ user, state: 'online', lastSeenAt: null });
const away = (user: number, lastSeenAt: number | null) => ({ user, state: 'away', lastSeenAt });

test('[CM-13.5] a user is online while any of their sessions holds a lease', () => {
  const leases = new PresenceLeases({ leaseMs: 90, leasesMax: 10 });
  expect(leases.renew(1, 7, 0)).toEqual([online(7)]);
  expect(leases.renew(2, 7, 10)).toEqual([]);
  expect(leases.end(1, 20)).toEqual([]);
  expect(leases.stateOf(7)).toEqual(online(7));
  expect(leases.end(2, 30)).toEqual([away(7, 30)]);
  expect(leases.end(2, 40)).toEqual([]);
  expect(leases.stateOf(7)).toEqual(away(7, 30));
});

test('[CM-13.1] a lease ends by itself unless it is renewed', () => {
  const leases = new PresenceLeases({ leaseMs: 90, leasesMax: 10 });
  leases.renew(1, 7, 0);
  leases.renew(2, 8, 10);
  leases.renew(1, 7, 50);
  expect(leases.expire(99)).toEqual([]);
  expect(leases.expire(100)).toEqual([away(8, 100)]);
  expect(leases.expire(200)).toEqual([away(7, 140)]);
  expect(leases.holds(1)).toBe(false);
});

test('a lease ends in time even if the clock was set back by 30 days after it began', () => {
  const leases = new PresenceLeases({ leaseMs: 90, leasesMax: 10 });
  const back = -30 * 86_400_000;
  leases.renew(1, 7, 0);
  leases.renew(2, 8, back);
  expect(leases.expire(back + 10)).toEqual([away(7, back + 10)]);
  expect(leases.expire(back + 90)).toEqual([away(8, back + 90)]);
});

test('a full table evicts the least recently renewed lease, and its user becomes away', () => {
  const leases = new PresenceLeases({ leaseMs: 90, leasesMax: 2 });
  leases.renew(1, 7, 0);
  leases.renew(2, 8, 1);
  leases.renew(1, 7, 2);
  expect(leases.renew(3, 9, 3)).toEqual([online(9), away(8, 3)]);
});

test('a user who was never here is away without a time', () => {
  expect(new PresenceLeases({ leaseMs: 90, leasesMax: 2 }).stateOf(5)).toEqual(away(5, null));
});
