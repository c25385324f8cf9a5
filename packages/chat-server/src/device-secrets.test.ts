import { randomUUID } from 'node:crypto';
import { MemoryAccounts } from '@everywire/store-memory';
import { expect, test } from 'vitest';
import { withoutTokens } from './bearer-token.js';
import { DeviceSecrets } from './device-secrets.js';

const ada = { user: 7, passwordHash: 'hash' };
const [phone, laptop] = [randomUUID(), randomUUID()];

test('a device secret names its sign-in, even after a restart, and is invalid for another user or password', async () => {
  const accounts = new MemoryAccounts();
  const secrets = new DeviceSecrets(accounts);
  const [again, twice] = await Promise.all([1, 2].map(() => secrets.of(phone, ada.user, ada.passwordHash)));
  expect(twice).toBe(again);
  const restarted = new DeviceSecrets(accounts);
  expect(await restarted.signInOf(['rubbish', again ?? ''], ada)).toBe(phone);
  for (const person of [{ ...ada, user: 8 }, { ...ada, passwordHash: 'new' }, null])
    expect(await restarted.signInOf([again ?? ''], person)).toBeNull();
  expect(await restarted.signInOf([again?.replace(phone, laptop) ?? ''], ada)).toBeNull();
});

test('a forged device secret is invalid while there is no key', async () => {
  const forged = `ewd_${phone}_${'A'.repeat(43)}`;
  expect(await new DeviceSecrets(new MemoryAccounts()).signInOf([forged], ada)).toBeNull();
});

test('a key that could not be stored is created again', async () => {
  const accounts = new MemoryAccounts();
  let full = true;
  const secrets = new DeviceSecrets({
    setting: (name) => accounts.setting(name),
    setSetting: async (name, value) => {
      if (full) throw new Error('full');
      await accounts.setSetting(name, value);
    },
  });
  await expect(secrets.of(phone, 7, 'hash')).rejects.toThrow('full');
  full = false;
  const secret = await secrets.of(phone, 7, 'hash');
  expect(await new DeviceSecrets(accounts).signInOf([secret], ada)).toBe(phone);
});

test('[SN-20.2] no device secret stays in a log line', async () => {
  const secret = await new DeviceSecrets(new MemoryAccounts()).of(phone, 7, 'hash');
  expect(withoutTokens(`GET /${secret} 404`)).toBe('GET /ewd_(removed) 404');
});
