import { afterEach, describe, expect, test } from 'vitest';
import { TestPlace } from './test-place.js';

/*
 * Strangers guess a user's password while the user signs in, on devices and from addresses that have signed in before.
 */

let place: TestPlace;
afterEach(() => place.stop());

const password = 'correct horse';
/** A clock that stands still, so that no further attempts become available with time. */
const wallNow = (): number => 1_700_000_000_000;
const limits = { signInsPerMinute: 1_000 };

/** Signs in from this address and returns the status. */
async function logIn(address: string, body: object): Promise<number> {
  const response = await fetch(`${place.url}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
    body: JSON.stringify({ name: 'ada', password, ...body }),
  });
  return response.status;
}

/** Tries wrong passwords from one address and returns the statuses. */
async function guess(times: number, body: object = {}): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (let count = 0; count < times; count += 1) statuses.push(await logIn('198.51.100.9', { password: 'x', ...body }));
  return statuses;
}

/** Returns the secret by which the server recognizes the device of a sign-in later. */
async function deviceOf(token: string): Promise<string> {
  const response = await place.rest('GET', '/api/device', undefined, token);
  return ((await response.json()) as { readonly device: string }).device;
}

/** The expected statuses: ten attempts are checked, and further ones are refused. */
const tenThenNone = [...Array(10).fill(401), 429, 429];

test('guessing strangers cannot lock out devices and addresses from which the user signed in before', async () => {
  place = await TestPlace.start({ trustedProxies: ['127.0.0.1'], limits, wallNow });
  const device = await deviceOf((await place.register('ada')).token);
  expect(await logIn('203.0.113.7', {})).toBe(200);
  // Neither by the name nor by invalid names, which get the same answer as a wrong password.
  expect(await guess(12)).toEqual(tenThenNone);
  expect(await guess(12, { name: 'ada 203.0.113.7' })).toEqual(tenThenNone);
  expect([await logIn('203.0.113.7', {}), await logIn('192.0.2.1', {})]).toEqual([200, 429]);
  const forged = ['ewd_forged', `${device.slice(0, -8)}forgeded`];
  expect(await logIn('192.0.2.1', { devices: forged })).toBe(429);
  expect(await logIn('192.0.2.1', { devices: ['ewd_of_another', device] })).toBe(200);
  // A stolen device has as few guesses as all strangers together.
  expect(await guess(12, { devices: [device] })).toEqual(tenThenNone);
});

test('a signed-in user can change the password while strangers guess, and stays known on that device and address', async () => {
  place = await TestPlace.start({ trustedProxies: ['127.0.0.1'], limits, wallNow });
  const { token } = await place.register('ada');
  const before = await deviceOf(token);
  await guess(12);
  const next = 'battery staple';
  expect((await place.rest('POST', '/api/password', { current: password, next }, token)).status).toBe(204);
  const after = await deviceOf(token);
  const secrets = [before, after].map((device) => logIn('192.0.2.1', { password: next, devices: [device] }));
  expect(await Promise.all(secrets)).toEqual([429, 200]);
  expect(await logIn('127.0.0.1', { password: next })).toBe(200);
});

describe('while strangers fill the queue of password checks', () => {
  /** Slow enough that the queue is never empty between two requests of a stranger. */
  const passwordCost = { memoryKib: 8_192, passes: 12 };
  const line = { ...limits, passwordHashesAtOnce: 1, passwordHashesQueued: 2, attemptsPerName: 1_000 };

  /** Guesses at names, each request from another address, until `stop`; counts the strangers' statuses. */
  function flood(): { readonly counts: Map<number, number>; readonly stop: () => Promise<void> } {
    const counts = new Map<number, number>();
    let stopped = false;
    const guessing = Array.from({ length: 8 }, async (_, machine) => {
      for (let number = 0; !stopped; number += 1) {
        const guessed = { name: `nobody${machine}`, password: 'guess guess' };
        const status = await logIn(`198.51.${machine}.${number % 250}`, guessed);
        counts.set(status, (counts.get(status) ?? 0) + 1);
      }
    });
    const stop = async (): Promise<void> => {
      stopped = true;
      await Promise.all(guessing);
    };
    return { counts, stop };
  }

  test('a person logs in at the first try on a known device anywhere, and at a known address', async () => {
    place = await TestPlace.start({ trustedProxies: ['127.0.0.1'], limits: line, passwordCost });
    const device = await deviceOf((await place.register('ada')).token);
    expect(await logIn('203.0.113.7', {})).toBe(200);
    const { counts, stop } = flood();
    await expect.poll(() => counts.get(503) ?? 0, { timeout: 20_000 }).toBeGreaterThan(10);
    const statuses: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      statuses.push(await logIn(`192.0.2.${round}`, { devices: [device] }));
      statuses.push(await logIn('203.0.113.7', {}));
    }
    const refused = counts.get(503) ?? 0;
    await expect.poll(() => counts.get(503) ?? 0, { timeout: 20_000 }).toBeGreaterThan(refused);
    await stop();
    expect(statuses).toEqual(Array(10).fill(200));
  });
});

test('an IPv6 network may sign in as often as a few addresses, however many addresses it uses', async () => {
  const few = { signInsPerMinute: 4, signInsPer56: 2, signInsPer48: 3, attemptsPerName: 1_000 };
  place = await TestPlace.start({ trustedProxies: ['127.0.0.1'], limits: few });
  const statuses = async (addresses: readonly string[]): Promise<readonly number[]> => {
    const answered: number[] = [];
    for (const address of addresses) answered.push(await logIn(address, { password: 'guess guess' }));
    return answered;
  };
  const of56 = Array.from({ length: 10 }, (_, number) => `2001:db8:1:a${number.toString(16).padStart(2, '0')}::1`);
  expect(await statuses(of56)).toEqual([...Array(8).fill(401), 429, 429]);
  const of48 = Array.from({ length: 6 }, (_, number) => `2001:db8:1:${number + 1}00::1`);
  // Attempts refused by the /56 limit do not count towards the /48 limit.
  expect(await statuses(of48)).toEqual([401, 401, 401, 401, 429, 429]);
  expect(await statuses(['2001:db8:2::1', '198.51.100.9'])).toEqual([401, 401]);
});
