import { afterEach, expect, test } from 'vitest';
import { TestPlace } from './test-place.js';

let place: TestPlace;
afterEach(() => place.stop());

const password = 'correct horse';

/** Closes registration after its first check, as if it were closed while a password is being hashed. */
function closeAfterFirstCheck(): void {
  let reads = 0;
  const { store } = place;
  const { setting } = store;
  store.setting = async (name) => {
    if (name !== 'registration') return setting.call(store, name);
    reads += 1;
    return reads === 1 ? 'open' : 'closed';
  };
}

test('an account whose password is hashed while registration closes is refused', async () => {
  place = await TestPlace.start();
  const ann = await place.register('ann');
  const [account, guest] = [await place.invite(ann, 'account'), await place.guest(await place.invite(ann, 'guest'))];
  const ask = async (path: string, body: object, token?: string): Promise<unknown> => {
    closeAfterFirstCheck();
    const answer = await place.rest('POST', path, { password, ...body }, token);
    return ((await answer.json()) as { readonly code?: string }).code;
  };
  expect(await ask('/api/register', { name: 'one' })).toBe('registration_closed');
  expect(await ask('/api/join', { name: 'two', secret: account })).toBe('registration_closed');
  expect(await ask('/api/upgrade', { name: 'three' }, guest.token)).toBe('registration_closed');
  const names = (await place.store.searchUsers('', null, 10)).map(({ name }) => name);
  expect(names.sort()).toEqual(['ann', guest.name].sort());
});
