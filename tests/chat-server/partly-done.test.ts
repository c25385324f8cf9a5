import { type Accounts, StoreError } from '@everywire/chat';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type TestPerson, TestPlace } from './test-place.js';

/* Operations of several changes, of which a later one fails after the first was committed. */

let place: TestPlace;
let root: TestPerson;
let ann: TestPerson;
const password = 'correct horse';

beforeEach(async () => {
  place = await TestPlace.start();
  root = await place.setUp();
  ann = await place.register('ann');
});

afterEach(async () => {
  vi.restoreAllMocks();
  await place.stop();
});

test.each<{ readonly what: string; readonly later: keyof Accounts & string; readonly ask: () => Promise<Response> }>([
  {
    what: 'a new password',
    later: 'revokeCredentials',
    ask: () => place.rest('POST', '/api/password', { current: password, next: 'battery staple' }, ann.token),
  },
  {
    what: 'a registration',
    later: 'createCredential',
    ask: () => place.rest('POST', '/api/register', { name: 'bob', password }),
  },
  {
    what: 'a sign-out everywhere',
    later: 'revokeCredentials',
    ask: () => place.rest('POST', '/api/logout', { everywhere: true }, ann.token),
  },
  {
    what: 'a sign-out by an administrator',
    later: 'revokeCredentials',
    ask: () => place.rest('POST', `/api/people/${ann.id}/sign-out`, undefined, root.token),
  },
  {
    what: 'a suspension',
    later: 'countCredentials',
    ask: () => place.rest('POST', `/api/people/${ann.id}/suspend`, undefined, root.token),
  },
  {
    what: 'a deletion',
    later: 'deleteUser',
    ask: () => place.rest('DELETE', `/api/people/${ann.id}?texts=keep`, undefined, root.token),
  },
])('[CM-3.2] $what is not refused as busy after a part of it was done', async ({ later, ask }) => {
  const spy = vi.spyOn(place.store as unknown as Record<string, () => Promise<unknown>>, later);
  spy.mockRejectedValueOnce(new StoreError('busy', 'the connection could not be opened'));
  expect(await (await ask()).json()).toMatchObject({ code: 'unknown' });
});

test('[CM-3.2] [CH-39.3] a removal of a guest is acknowledged, and takes effect on presence, also when the store fails after its commit', async () => {
  const guest = await place.guest(await place.invite(root, 'guest'));
  const [owner, session] = [await place.connect(ann), await place.connect(guest)];
  const { conversation } = await owner.ok({ command: 'createGroup', name: 'Garden', users: [guest.id] });
  await owner.ok({ command: 'present', active: true });
  await session.ok({ command: 'watchPresence', users: [ann.id] });
  const spy = vi.spyOn(place.store, 'acquaintances');
  spy.mockRejectedValueOnce(new StoreError('busy', 'the connection could not be opened'));
  const removal = { command: 'remove', conversation, user: guest.id } as const;
  expect(await owner.code(removal)).toBe('ok');
  await expect.poll(() => spy.mock.settledResults.at(-1)?.type, { timeout: 10_000 }).toBe('fulfilled');
  await owner.ok({ command: 'present', active: false });
  await session.ok({ command: 'watch', conversations: [] });
  expect(session.events.map(({ event }) => event)).not.toContain('presence');
});
