import type { Request } from '@everywire/chat';
import { requestSchemas } from '@everywire/chat-server/internal';
import { createWireClient } from '@everywire/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createGuestScene,
  createScene,
  everyone,
  forGuests,
  type Scene,
  secretText,
  trials,
} from './command-trials.js';
import { outcomesOf } from './outcomes.js';
import { type Asked, newCommandId, TestSession } from './test-session.js';

// Sends every command as a user of every role. `command-trials.ts` has the commands and the expected outcomes.

const commands = Object.keys(trials) as Request['command'][];

/** Returns the code of a refusal, the `outcome` of an answer, or `ok`. */
const outcomeOf = (answer: Awaited<ReturnType<TestSession['ask']>>): unknown =>
  'error' in answer ? answer.error.code : (Reflect.get(answer.ok, 'outcome') ?? 'ok');

let scene: Scene;
beforeAll(async () => {
  scene = await createScene();
});
afterAll(() => scene.place.stop());

test('every command of the contract is tried', () => {
  expect(Object.keys(trials).sort()).toEqual(Object.keys(requestSchemas).sort());
});

test.each(commands)('[CH-3] %s is allowed only to those with the right', async (command) => {
  const trial = trials[command];
  const outcomes = await outcomesOf(everyone, async (who) => {
    const answer = await scene.sessions[who].ask(trial.asked(scene));
    const outside = who === 'stranger' || who === 'former';
    return outside && JSON.stringify(answer).includes(secretText) ? 'received the secret' : outcomeOf(answer);
  });
  expect(outcomes).toEqual(trial.expected);
});

describe('a guest who is a member of the group', () => {
  let other: Scene;
  let guest: TestSession;
  beforeAll(async () => {
    const made = await createGuestScene();
    other = made.scene;
    guest = await other.place.connect(made.guest);
  });
  afterAll(() => other.place.stop());

  test('[CH-3] a guest may use each command like any member, or is denied', async () => {
    const outcomes = await outcomesOf(commands, async (command) => {
      const answer = await guest.ask(trials[command].asked(other));
      if (command === 'search') expect(JSON.stringify(answer)).toContain(secretText);
      return outcomeOf(answer);
    });
    expect(outcomes).toEqual(forGuests);
  });

  test('[CH-3.4] a search does not reveal to a guest which people exist', async () => {
    const { place } = other;
    const inviting = await place.register('inviting');
    const session = await place.connect(await place.guest(await place.invite(inviting, 'guest')));
    const from = (name: string): Asked => ({
      command: 'search',
      text: `from:${name}`,
      zone: 0,
      conversation: null,
      after: null,
    });
    expect([await session.code(from('nobody')), await session.code(from(other.people.admin.name))]).toEqual([
      'ok',
      'ok',
    ]);
  });
});

test('[CH-3] no event sent to the stranger or the former member contains the secret', () => {
  for (const who of ['stranger', 'former'] as const) {
    expect(JSON.stringify(scene.sessions[who].events)).not.toContain(secretText);
  }
});

test.each([
  ['no token', () => undefined],
  ['a wrong token', () => `ewt_${'x'.repeat(43)}`],
  ['a token in a foreign format', () => 'secret'],
  ['the token of a member who is suspended', () => scene.suspended.token],
])('[SN-20] no session opens with %s', async (_name, token) => {
  const wire = createWireClient(`${scene.place.url}/everywire`, { transports: ['websocket'], token });
  const session = new TestSession(wire);
  session.opened.catch(() => undefined);
  expect(await session.closed).toBe('unauthorized');
});

test('the routes that need a sign-in refuse requests without a valid token', async () => {
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

test("another person's command id reveals nothing about their command", async () => {
  const { sessions, group } = scene;
  const id = newCommandId();
  await sessions.stranger.ok({ command: 'createGroup', id, name: 'mine', users: [] });
  expect(await sessions.former.code({ command: 'send', id, conversation: group, text: 'x' })).toBe('not_member');
});
