import { afterEach, expect, test, vi } from 'vitest';
import { TestPlace } from './test-place.js';
import { newCommandId } from './test-session.js';

let place: TestPlace;
afterEach(async () => {
  vi.restoreAllMocks();
  await place.stop();
});

test.each([
  ['suspended', 'POST', '/suspend'],
  ['deleted', 'DELETE', '?texts=remove'],
] as const)('a join and a draft in flight while the account is %s change nothing', async (_, method, act) => {
  place = await TestPlace.start();
  const [root, ann] = [await place.setUp(), await place.register('ann')];
  const owner = await place.connect(root);
  const { conversation } = await owner.ok({ command: 'createChannel', name: 'open', join: 'anyone' });
  const { conversation: group } = await owner.ok({ command: 'createGroup', name: 'g', users: [ann.id] });
  const end = async (): Promise<void> => {
    expect((await place.rest(method, `/api/people/${ann.id}${act}`, undefined, root.token)).ok).toBe(true);
  };
  // The requests have passed every check except that of the store itself.
  const { change, changeMember } = place.store;
  const ended = new Promise<void>((resolve, reject) => {
    vi.spyOn(place.store, 'change').mockImplementationOnce(async (request) => {
      end().then(resolve, reject);
      await ended;
      return change(request);
    });
  });
  vi.spyOn(place.store, 'changeMember').mockImplementationOnce(async (request) => {
    await ended;
    return changeMember(request);
  });
  const run = async (command: string, body: object): Promise<string | undefined> => {
    const answer = await place.rest('POST', `/api/commands/${command}`, body, ann.token);
    return ((await answer.json()) as { readonly code?: string }).code;
  };
  const draft = run('draft', { conversation: group, text: 'too late', base: 0 });
  const joined = run('join', { id: newCommandId(), conversation, secret: null });
  expect([await joined, await draft]).toEqual(['not_found', 'not_found']);
  expect(await owner.ok({ command: 'members', conversation, after: null })).toMatchObject({
    members: [{ user: root.id }],
  });
  expect(await owner.code({ command: 'add', conversation, users: [ann.id] })).toBe('not_found');
});
