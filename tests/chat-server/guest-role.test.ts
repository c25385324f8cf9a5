import { afterEach, expect, test } from 'vitest';
import { TestPlace } from './test-place.js';
import { newCommandId } from './test-session.js';

let place: TestPlace;
afterEach(() => place.stop());

test('[CH-49.1] a guest cannot become owner or admin of a group until they have an account', async () => {
  place = await TestPlace.start();
  const ann = await place.register('ann');
  const guest = await place.guest(await place.invite(ann, 'guest'));
  const session = await place.connect(ann);
  const { conversation } = await session.ok({ command: 'createGroup', name: 'g', users: [guest.id] });
  const give = (role: 'owner' | 'admin' | 'member' | 'reader') =>
    session.code({ command: 'setRole', conversation, user: guest.id, role });
  expect([await give('owner'), await give('admin')]).toEqual(['guest_role', 'guest_role']);
  expect([await give('reader'), await give('member')]).toEqual(['ok', 'ok']);
  const body = { id: newCommandId(), conversation, user: guest.id, role: 'admin' };
  const refused = await place.rest('POST', '/api/commands/setRole', body, ann.token);
  expect([refused.status, await refused.json()]).toMatchObject([409, { code: 'guest_role', retryable: false }]);
  const account = { name: 'gast', password: 'correct horse' };
  expect((await place.rest('POST', '/api/upgrade', account, guest.token)).status).toBe(200);
  expect([await give('admin'), await give('owner')]).toEqual(['ok', 'ok']);
});
