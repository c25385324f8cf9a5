import type { Accounts, Profile } from '@everywire/chat';
import { expect, test } from 'vitest';
import { ProfileUpdates } from './profile-updates.js';

test('[CM-14.3] the first profile change is sent immediately, and later ones after the next flush with the last state', async () => {
  const sent: Profile[] = [];
  let displayName = 'one';
  const accounts = {
    users: async ([id]: readonly number[]) => [{ id, name: `p${id}`, displayName, state: 'active', status: '' }],
  } as unknown as Pick<Accounts, 'users'>;
  const news = new ProfileUpdates(accounts, (profile) => sent.push(profile), { error: () => undefined } as never);
  /** Returns the profiles sent since the last call, as id and name. */
  const names = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return sent.splice(0).map((profile) => `${profile.id} ${profile.displayName}`);
  };
  news.changed(7);
  expect(await names()).toEqual(['7 one']);
  displayName = 'two';
  news.changed(7);
  news.changed(8);
  displayName = 'three';
  news.changed(7);
  expect(await names()).toEqual(['8 two']);
  news.flush();
  expect(await names()).toEqual(['7 three']);
  news.flush();
  expect(await names()).toEqual([]);
  news.changed(7);
  expect(await names()).toEqual(['7 three']);
});
