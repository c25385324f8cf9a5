import { type Accounts, StoreError } from '@everywire/chat';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type TestPerson, TestPlace } from './test-place.js';

/* Access that is taken away, while the store does not know whether the change was committed. */

let place: TestPlace;
let root: TestPerson;
let ann: TestPerson;

beforeEach(async () => {
  place = await TestPlace.start();
  root = await place.setUp();
  ann = await place.register('ann');
});

afterEach(async () => {
  vi.restoreAllMocks();
  await place.stop();
});

/** Sends a request of the administrator about Ann. */
const act = (method: string, path: string): Promise<Response> =>
  place.rest(method, `/api/people/${ann.id}${path}`, undefined, root.token);

test.each<{ readonly what: string; readonly change: keyof Accounts & string; readonly ask: () => Promise<Response> }>([
  { what: 'suspended', change: 'suspendUser', ask: () => act('POST', '/suspend') },
  { what: 'deleted', change: 'suspendUser', ask: () => act('DELETE', '?texts=keep') },
  { what: 'signed out', change: 'revokeCredentials', ask: () => act('POST', '/sign-out') },
  {
    what: 'signed out by themselves',
    change: 'revokeCredentials',
    ask: () => place.rest('POST', '/api/logout', undefined, ann.token),
  },
])('[CH-40.1] a session ends even if the store does not know whether its person was $what', async ({ change, ask }) => {
  const session = await place.connect(ann);
  const original = Reflect.get(place.store, change) as (...parts: unknown[]) => Promise<unknown>;
  const spy = vi.spyOn(place.store as unknown as Record<string, typeof original>, change);
  spy.mockImplementationOnce(async (...parts) => {
    await original.apply(place.store, parts);
    throw new StoreError('unknown', 'the connection ended during the commit');
  });
  expect(await (await ask()).json()).toMatchObject({ code: 'unknown' });
  expect(await session.closed).toBe('revoked');
});
