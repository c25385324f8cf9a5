import { afterEach, expect, test } from 'vitest';
import { TestPlace } from './test-place.js';

let place: TestPlace;
afterEach(() => place.stop());

const secret = 'a'.repeat(32);

test('before signing in, a link shows its group, and any other secret shows nothing, not even that the group exists', async () => {
  place = await TestPlace.start();
  const ann = await place.register('ann');
  const session = await place.connect(ann);
  const { conversation } = await session.ok({ command: 'createGroup', name: 'g', users: [] });
  await session.ok({ command: 'createInvite', conversation, secret, expiresAt: null, usesMax: null });
  const link = async (given: string, of = conversation): Promise<unknown> => {
    const answer = await place.rest('POST', '/api/group-link', { conversation: of, secret: given });
    const body = (await answer.json()) as { readonly code?: string };
    return body.code ?? body;
  };
  expect(await link(secret)).toEqual({ kind: 'group', name: 'g', memberCount: 1, by: 'ann' });
  expect([await link('b'.repeat(32)), await link(secret, 999)]).toEqual(['not_found', 'not_found']);
  await place.store.suspendUser(ann.id, Date.now());
  expect(await link(secret)).toBe('invite_ended');
});
