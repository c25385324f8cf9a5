// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { forbidStorage } from '../test-kit/forbid-storage.js';
import { deviceSecrets, storeDeviceSecret } from './device-secrets.js';

// A device secret proves to the server that a user has signed in on this device before.

const secretOf = (signIn: number, mac: string): string => `ewd_${String(signIn).padStart(36, '0')}_${mac}`;

/** Stores the secret that the server returns after a sign-in. */
const learn = (secret: string | null): Promise<void> => storeDeviceSecret({ deviceSecret: async () => secret });

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

test('the newest secret of each of the last eight sign-ins is kept', async () => {
  expect(deviceSecrets()).toEqual([]);
  for (const signIn of [1, 2, 1]) await learn(secretOf(signIn, `x${deviceSecrets().length}`));
  expect(deviceSecrets()).toEqual([secretOf(2, 'x1'), secretOf(1, 'x2')]);
  await learn(null);
  for (let signIn = 3; signIn < 10; signIn += 1) await learn(secretOf(signIn, 'x'));
  expect(deviceSecrets()).toEqual([secretOf(1, 'x2'), ...[3, 4, 5, 6, 7, 8, 9].map((signIn) => secretOf(signIn, 'x'))]);
});

test.each(['{', '7', '{"0":"x"}', '[7]'])('stored devices %s count as none', (kept) => {
  localStorage.setItem('everywire.devices', kept);
  expect(deviceSecrets()).toEqual([]);
});

test('a browser that forbids storage keeps no secret, and no call fails', async () => {
  forbidStorage();
  await learn(secretOf(1, 'x'));
  expect(deviceSecrets()).toEqual([]);
});

test('no secret is stored when the server gives none or does not answer', async () => {
  await learn(secretOf(1, 'x'));
  await storeDeviceSecret({ deviceSecret: () => Promise.reject(new Error('offline')) });
  expect(deviceSecrets()).toEqual([secretOf(1, 'x')]);
});
