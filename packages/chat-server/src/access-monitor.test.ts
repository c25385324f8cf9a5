import { expect, test } from 'vitest';
import { AccessMonitor, type AccessMonitorOptions } from './access-monitor.js';
import { InFlightRequests } from './in-flight-requests.js';
import type { LiveSession } from './live-sessions.js';
import { silentLog } from './logger.js';

const signedIn = 2_000;

function accessOf(sessions: readonly Pick<LiveSession, 'user' | 'credential'>[], parts: Partial<AccessMonitorOptions>) {
  return new AccessMonitor({
    accounts: {
      users: async (ids) => ids.map((id) => ({ id, state: id === 3 ? 'suspended' : 'active' })) as never,
      privateDetails: async (user) => ({ signedOutAt: user === 1 ? signedIn : 0 }) as never,
    },
    sessions: { all: () => sessions as readonly LiveSession[] },
    credentialUse: { renew: async () => [] },
    requests: new InFlightRequests(async () => null),
    revoke: () => undefined,
    wallNow: () => 0,
    usedNow: () => 0,
    log: silentLog,
    ...parts,
  });
}

test('a check scans the sessions once for each kind of lost access, however many users lost it', async () => {
  const sessions = Array.from({ length: 10_000 }, (_, at) => ({ user: at + 1, credential: `jwt-${at}` }));
  const ended: string[][] = [];
  const access = accessOf(sessions, {
    revoke: (match) => {
      const signed = (subject: string, signedAt: number): boolean => match({ subject, signedAt });
      ended.push([1, 2, 3].filter((user) => signed(`${user}`, signedIn)).map(String));
      expect(signed('1', signedIn + 1)).toBe(false);
    },
  });
  access.check();
  await expect.poll(() => ended).toEqual([['3'], ['1']]);
});

test('a check ends no request whose token is still valid', async () => {
  const until: ReadonlyMap<number, number>[] = [];
  const requests = {
    endUser: () => undefined,
    endCredentials: () => undefined,
    endSigned: (of: never) => until.push(of),
  };
  const access = accessOf(
    [
      { user: 1, credential: 'jwt-1' },
      { user: 2, credential: 'jwt-2' },
    ],
    { requests },
  );
  access.check();
  await expect
    .poll(() => until)
    .toEqual([
      new Map([
        [1, signedIn],
        [2, 0],
      ]),
    ]);
});
