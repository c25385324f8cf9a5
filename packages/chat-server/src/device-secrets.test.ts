import { randomUUID } from 'node:crypto';
import { MemoryAccounts } from '@everywire/store-memory';
import { expect, test } from 'vitest';
import { withoutTokens } from './bearer-token.js';
import { DeviceSecrets } from './device-secrets.js';
import { StoreKeys } from './store-keys.js';

const ada = { user: 7, passwordHash: 'hash' };
const secretsOf = (accounts = new MemoryAccounts()): DeviceSecrets => new DeviceSecrets(new StoreKeys(accounts));
const [phone, laptop] = [randomUUID(), randomUUID()];

test('a device secret names its sign-in, even after a restart, and is invalid for another user or password', async () => {
  const accounts = new MemoryAccounts();
  const secrets = secretsOf(accounts);
  const [again, twice] = await Promise.all([1, 2].map(() => secrets.of(phone, ada.user, ada.passwordHash)));
  expect(twice).toBe(again);
  const restarted = secretsOf(accounts);
  expect(await restarted.signInOf(['rubbish', again ?? ''], ada)).toBe(phone);
  for (const person of [{ ...ada, user: 8 }, { ...ada, passwordHash: 'new' }, null])
    expect(await restarted.signInOf([again ?? ''], person)).toBeNull();
  expect(await restarted.signInOf([again?.replace(phone, laptop) ?? ''], ada)).toBeNull();
});

test('a forged device secret is invalid on a store without secrets', async () => {
  const forged = `ewd_${phone}_${'A'.repeat(43)}`;
  expect(await secretsOf().signInOf([forged], ada)).toBeNull();
});

test('[SN-20.2] no device secret stays in a log line', async () => {
  const secret = await secretsOf().of(phone, 7, 'hash');
  expect(withoutTokens(`GET /${secret} 404`)).toBe('GET /ewd_(removed) 404');
});
