import type { Request } from '@everywire/chat';
import { mayGuest, requestSchemas } from '@everywire/chat-server/internal';
import { createWireClient } from '@everywire/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createScene, everyone, type Scene, secretText, trials, type Who } from './command-trials.js';
import { type Asked, newCommandId, TestSession } from './test-place.js';

let scene: Scene;
beforeAll(async () => {
  scene = await createScene();
});
afterAll(() => scene.place.stop());

test('every command of the contract is tried', () => {
  expect(Object.keys(trials).sort()).toEqual(Object.keys(requestSchemas).sort());
});

describe.each(Object.keys(trials) as Request['command'][])('%s', (command) => {
  test.each<Who>(everyone)('[CH-3] by the %s', async (who) => {
    const trial = trials[command];
    const answer = await scene.sessions[who].ask(trial.asked(scene));
    const outcome = 'error' in answer ? answer.error.code : (Reflect.get(answer.ok, 'outcome') ?? 'ok');
    expect(outcome).toBe(trial.expected[who]);
    if (who === 'stranger' || who === 'former') expect(JSON.stringify(answer)).not.toContain(secretText);
  });
});

describe('a guest who is a member of the group', () => {
  let other: Scene;
  let guest: TestSession;
  beforeAll(async () => {
    const scene = await createScene();
    const { place, people, sessions, group } = scene;
    const person = await place.guest(await place.invite(people.owner, 'guest'));
    await sessions.owner.ok({ command: 'add', conversation: group, users: [person.id] });
    // What was said before they came is not theirs to read.
    const secret = await sessions.owner.ok({ command: 'send', conversation: group, text: secretText });
    other = { ...scene, secret: { sequence: secret.sequence, id: secret.id } };
    guest = await place.connect(person);
  });
  afterAll(() => other.place.stop());

  test.each(Object.keys(trials) as Request['command'][])('%s is as for any member, or denied', async (command) => {
    const trial = trials[command];
    const answer = await guest.ask(trial.asked(other));
    const outcome = 'error' in answer ? answer.error.code : (Reflect.get(answer.ok, 'outcome') ?? 'ok');
    expect(outcome).toBe(mayGuest(command) ? trial.expected.member : 'denied');
    if (command === 'search') expect(JSON.stringify(answer)).toContain(secretText);
  });

  test('[CH-3.4] is not told by a search whom there is', async () => {
    const { place } = other;
    const inviting = await place.register('inviting');
    const session = await place.connect(await place.guest(await place.invite(inviting, 'guest')));
    const from = (name: string): Asked => ({
      ...{ command: 'search', text: `from:${name}`, zone: 0, conversation: null, after: null },
    });
    expect([await session.code(from('nobody')), await session.code(from(other.people.admin.name))]).toEqual([
      'ok',
      'ok',
    ]);
  });
});

test('[CH-3] nothing that was pushed to them told the stranger or the former member of the secret', () => {
  for (const who of ['stranger', 'former'] as const) {
    expect(JSON.stringify(scene.sessions[who].events)).not.toContain(secretText);
  }
});

test.each([
  ['no token', () => undefined],
  ['a wrong token', () => `ewt_${'x'.repeat(43)}`],
  ['no token of ours', () => 'secret'],
  ['the token of a member who is suspended', () => scene.suspended.token],
])('[SN-20] with %s no session opens', async (_name, token) => {
  const wire = createWireClient(`${scene.place.url}/everywire`, { transports: ['websocket'], token });
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
