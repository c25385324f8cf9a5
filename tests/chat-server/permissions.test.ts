import type { Request } from '@everywire/chat';
import { requestSchemas } from '@everywire/chat-server/internal';
import { createWireClient } from '@everywire/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Asked, newCommandId, TestPlace, TestSession } from './test-place.js';

/*
 * Every command is tried by everyone (CH-3). A command that is added to the contract is missing from the table below until
 * somebody has said who may do it, and then this file does not compile.
 */

type Who = 'stranger' | 'former' | 'member';
type Outcome = string;

interface Scene {
  readonly place: TestPlace;
  readonly group: number;
  readonly ids: { readonly owner: number; readonly member: number; readonly former: number };
  readonly secret: { readonly sequence: number; readonly id: string };
  readonly sessions: Readonly<Record<Who, TestSession>>;
}

interface Trial {
  readonly asked: (scene: Scene) => Asked;
  /** The code of a refusal, the `outcome` of an answer, or `ok`. */
  readonly expected: Readonly<Record<Who, Outcome>>;
}

const secretText = 'the secret of the group';
const all = (outcome: Outcome): Trial['expected'] => ({ stranger: outcome, former: outcome, member: outcome });
/** Writing into a conversation: to a stranger there is none. */
const members = { stranger: 'not_found', former: 'not_member', member: 'ok' };
/** Reading the log: the stranger and the former member are answered alike. */
const readers = (outcome: Outcome): Trial['expected'] => ({
  stranger: 'not_member',
  former: 'not_member',
  member: outcome,
});

const trials: Readonly<Record<Request['command'], Trial>> = {
  createDirect: { asked: ({ ids }) => ({ command: 'createDirect', peer: ids.owner }), expected: all('ok') },
  createGroup: { asked: ({ ids }) => ({ command: 'createGroup', name: 'x', users: [ids.owner] }), expected: all('ok') },
  send: { asked: ({ group }) => ({ command: 'send', conversation: group, text: 'x' }), expected: members },
  add: { asked: ({ group, ids }) => ({ command: 'add', conversation: group, users: [ids.owner] }), expected: members },
  remove: {
    asked: ({ group, ids }) => ({ command: 'remove', conversation: group, user: ids.owner }),
    expected: { stranger: 'not_found', former: 'not_member', member: 'denied' },
  },
  rename: { asked: ({ group }) => ({ command: 'rename', conversation: group, name: 'y' }), expected: members },
  read: { asked: ({ group }) => ({ command: 'read', conversation: group, sequence: 1 }), expected: members },
  delivered: { asked: ({ group }) => ({ command: 'delivered', conversation: group, sequence: 1 }), expected: members },
  draft: { asked: ({ group }) => ({ command: 'draft', conversation: group, text: 'd', base: 0 }), expected: members },
  typing: { asked: ({ group }) => ({ command: 'typing', conversation: group, typing: true }), expected: members },
  watch: { asked: ({ group }) => ({ command: 'watch', conversations: [group] }), expected: members },
  watchPresence: { asked: ({ ids }) => ({ command: 'watchPresence', users: [ids.owner] }), expected: all('ok') },
  present: { asked: () => ({ command: 'present', active: true }), expected: all('ok') },
  list: { asked: () => ({ command: 'list', cursor: null }), expected: all('reset') },
  listPage: { asked: () => ({ command: 'listPage', after: null }), expected: all('ok') },
  entry: { asked: ({ group }) => ({ command: 'entry', conversation: group }), expected: all('ok') },
  page: {
    asked: ({ group }) => ({ command: 'page', conversation: group, anchor: { at: 'end' }, limit: 30, check: null }),
    expected: readers('page'),
  },
  changes: {
    asked: ({ group }) => ({ command: 'changes', conversation: group, since: 0 }),
    expected: readers('changes'),
  },
  messages: {
    asked: ({ group, secret }) => ({ command: 'messages', conversation: group, names: [secret] }),
    expected: readers('messages'),
  },
  members: {
    asked: ({ group }) => ({ command: 'members', conversation: group, after: null }),
    expected: readers('members'),
  },
  readers: {
    asked: ({ group, secret }) => ({ command: 'readers', conversation: group, sequence: secret.sequence }),
    expected: readers('receipts'),
  },
  people: { asked: ({ ids }) => ({ command: 'people', ids: [ids.owner] }), expected: all('ok') },
  findPeople: { asked: () => ({ command: 'findPeople', query: 'owner', after: null }), expected: all('ok') },
  // The last: whoever may leave is gone afterwards.
  leave: { asked: ({ group }) => ({ command: 'leave', conversation: group }), expected: members },
};

let scene: Scene;

beforeAll(async () => {
  const place = await TestPlace.start();
  const owner = await place.register('owner');
  const people = { stranger: await place.register('stranger'), former: await place.register('former') };
  const member = await place.register('member');
  const session = await place.connect(owner);
  const { conversation: group } = await session.ok({
    command: 'createGroup',
    name: 'Secret',
    users: [people.former.id, member.id],
  });
  await session.ok({ command: 'remove', conversation: group, user: people.former.id });
  const secret = await session.ok({ command: 'send', conversation: group, text: secretText });
  scene = {
    place,
    group,
    ids: { owner: owner.id, member: member.id, former: people.former.id },
    secret: { sequence: secret.sequence, id: secret.id },
    sessions: {
      stranger: await place.connect(people.stranger),
      former: await place.connect(people.former),
      member: await place.connect(member),
    },
  };
});
afterAll(() => scene.place.stop());

test('every command of the contract is tried', () => {
  expect(Object.keys(trials).sort()).toEqual(Object.keys(requestSchemas).sort());
});

describe.each(Object.keys(trials) as Request['command'][])('%s', (command) => {
  test.each<Who>(['stranger', 'former', 'member'])('[CH-3] by a %s', async (who) => {
    const trial = trials[command];
    const answer = await scene.sessions[who].ask(trial.asked(scene));
    const outcome = 'error' in answer ? answer.error.code : (Reflect.get(answer.ok, 'outcome') ?? 'ok');
    expect(outcome).toBe(trial.expected[who]);
    if (who !== 'member') expect(JSON.stringify(answer)).not.toContain(secretText);
  });
});

test('[CH-3] nothing that was pushed to them told the stranger or the former member of the secret', () => {
  for (const who of ['stranger', 'former'] as const) {
    expect(JSON.stringify(scene.sessions[who].events)).not.toContain(secretText);
  }
});

test.each([
  ['no token', undefined],
  ['a wrong token', `ewt_${'x'.repeat(43)}`],
  ['no token of ours', 'secret'],
])('[SN-20] with %s no session opens', async (_name, token) => {
  const wire = createWireClient(`${scene.place.url}/everywire`, { transports: ['websocket'], token: () => token });
  const session = new TestSession(wire);
  session.opened.catch(() => undefined);
  expect(await session.closed).toBe('unauthorized');
});

test('the routes that need a sign-in refuse whoever has none', async () => {
  const routes = [
    ['GET', '/api/me', undefined],
    ['POST', '/api/logout', {}],
    ['POST', '/api/password', { current: 'correct horse', next: 'battery staple' }],
  ] as const;
  for (const [method, path, body] of routes) {
    for (const token of [undefined, 'secret', `ewt_${'x'.repeat(43)}`]) {
      const response = await scene.place.rest(method, path, body, token);
      expect([path, response.status, ((await response.json()) as { code: string }).code]).toEqual([
        path,
        401,
        'unauthenticated',
      ]);
    }
  }
});

test('a command id of somebody else tells nothing of their command', async () => {
  const { sessions, group } = scene;
  const id = newCommandId();
  await sessions.stranger.ok({ command: 'createGroup', id, name: 'mine', users: [] });
  expect(await sessions.former.code({ command: 'send', id, conversation: group, text: 'x' })).toBe('not_member');
});
