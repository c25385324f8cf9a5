import type { Request } from '@everywire/chat';
import { type ChatServerServices, restRoutes } from '@everywire/chat-server/internal';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createScene, everyone, type Scene, secretText, trials, type Who } from './command-trials.js';
import { newCommandId } from './test-place.js';

/* Every command again, by its route: the same people, the same commands, the same outcomes. */

const prefix = '/api/commands/';
const sessionCommands = ['typing', 'watch', 'watchPresence', 'present'];
const commands = (Object.keys(trials) as Request['command'][]).filter((command) => !sessionCommands.includes(command));
const routes = restRoutes({} as ChatServerServices).filter((route) => route.path.startsWith(prefix));
const keyed = (command: string): boolean => {
  const body = routes.find((route) => route.path === prefix + command)?.body as { readonly properties: object };
  return 'id' in body.properties;
};

let scene: Scene;
beforeAll(async () => {
  scene = await createScene({ limits: { restRequestsPerMinute: 10_000 } });
});
afterAll(() => scene.place.stop());

async function ask(command: Request['command'], token: string | undefined, more: object = {}) {
  const { command: _name, ...fields } = trials[command].asked(scene);
  const body = { ...fields, ...(keyed(command) && { id: newCommandId() }), ...more };
  const answer = await scene.place.rest('POST', prefix + command, body, token);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

test('there is a route for each command but those that have a meaning in a session alone', () => {
  expect(routes.map((route) => route.path.slice(prefix.length)).sort()).toEqual([...commands].sort());
});

describe.each(commands)('%s', (command) => {
  test('[A8] by nobody', async () => {
    for (const token of [undefined, `ewt_${'x'.repeat(43)}`])
      expect(await ask(command, token)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });

  test('[A9] [A10] takes nothing besides what it says', async () => {
    const { token } = scene.people.stranger;
    expect(await ask(command, token, { isAdmin: true })).toMatchObject({ status: 400, body: { code: 'invalid' } });
    for (const wrong of [[], 'text', 7]) {
      const answer = await scene.place.rest('POST', prefix + command, wrong, token);
      expect([command, answer.status]).toEqual([command, 400]);
    }
  });

  test.each<Who>(everyone)('[A8] [CH-3] by the %s', async (who) => {
    const { status, body } = await ask(command, scene.people[who].token);
    const outcome = status === 200 ? (body['outcome'] ?? 'ok') : body['code'];
    expect(outcome).toBe(trials[command].expected[who]);
    if (who === 'stranger' || who === 'former') expect(JSON.stringify(body)).not.toContain(secretText);
  });
});

test('[CH-18] a send is done once, whatever is repeated, and by a session as well', async () => {
  const { place, people, sessions } = scene;
  const { conversation } = await sessions.stranger.ok({ command: 'createNotes' });
  const id = newCommandId();
  const body = { id, conversation, text: '一次 '.repeat(2_000) };
  const send = () => place.rest('POST', `${prefix}send`, body, people.stranger.token);
  const [first, second] = [await (await send()).json(), await (await send()).json()];
  expect(second).toEqual(first);
  expect(await sessions.stranger.ok({ command: 'send', ...body })).toEqual(first);
  const other = await place.rest('POST', `${prefix}send`, { ...body, text: 'another' }, people.stranger.token);
  expect([other.status, ((await other.json()) as { readonly code: string }).code]).toEqual([409, 'id_reused']);
});

test('[CH-17] what is sent by REST is told to sessions like anything else', async () => {
  const { place, people, sessions } = scene;
  const { conversation } = await sessions.stranger.ok({ command: 'createNotes' });
  const body = { id: newCommandId(), conversation, text: 'by REST' };
  await place.rest('POST', `${prefix}send`, body, people.stranger.token);
  await sessions.stranger.event('commit', ({ row }) => row?.body.kind === 'text' && row.body.text === 'by REST');
});
