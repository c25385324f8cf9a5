import type { Request } from '@everywire/chat';
import { answerFaults, type ChatServerServices, type RestRoute, restRoutes } from '@everywire/chat-server/internal';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createScene, everyone, type Scene, secretText, trials, type Who } from './command-trials.js';
import { newCommandId } from './test-place.js';

/*
 * Every command again, by its route: the same people, the same commands, the same outcomes as over a session (`permissions.test.ts`), and answers of
 * the same schemas.
 */

const prefix = '/api/commands/';
const sessionCommands = ['typing', 'watch', 'watchPresence', 'present'];
const commands = (Object.keys(trials) as Request['command'][]).filter((command) => !sessionCommands.includes(command));
const routes = restRoutes({} as ChatServerServices).filter((route) => route.path.startsWith(prefix));
const routeOf = (command: string) => routes.find((route) => route.path === prefix + command) as RestRoute;
const keyed = (command: string): boolean =>
  'id' in (routeOf(command).body as { readonly properties: object }).properties;

let scene: Scene;
beforeAll(async () => {
  scene = await createScene({ limits: { restRequestsPerMinute: 10_000 } });
});
afterAll(() => scene.place.stop());

async function ask(command: Request['command'], token: string | undefined, more: object = {}) {
  const { command: _name, ...fields } = trials[command].asked(scene);
  const body = { ...fields, ...(keyed(command) && { id: newCommandId() }), ...more };
  const answer = await scene.place.rest('POST', prefix + command, body, token);
  const told = (await answer.json()) as Record<string, unknown>;
  expect([command, answerFaults(routeOf(command), answer.status, told)]).toEqual([command, []]);
  return { status: answer.status, body: told };
}

test('there is a route for each command but those that have a meaning in a session alone', () => {
  expect(routes.map((route) => route.path.slice(prefix.length)).sort()).toEqual([...commands].sort());
});

describe.each(commands)('%s', (command) => {
  test('[A8] by nobody, and by a member who is suspended', async () => {
    for (const token of [undefined, `ewt_${'x'.repeat(43)}`, scene.suspended.token])
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
    const expected = trials[command].expected[who];
    // Whatever is asked: to a stranger there is no such conversation.
    expect(outcome).toBe(expected === 'not_member' && who === 'stranger' ? 'not_found' : expected);
    if (outcome === 'not_member') expect(status).toBe(403);
    if (who === 'stranger' || who === 'former') expect(JSON.stringify(body)).not.toContain(secretText);
  });
});

test('[CH-18.2] a send is done once, whatever is repeated, and by a session as well', async () => {
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

test('a stale edit is refused with the message as it is, and a query is answered as in a session, with nothing left out', async () => {
  const { place, people, sessions } = scene;
  const { conversation } = await sessions.stranger.ok({ command: 'createNotes' });
  const { sequence, id } = await sessions.stranger.ok({ command: 'send', conversation, text: 'old' });
  const message = { sequence, id };
  await sessions.stranger.ok({ command: 'edit', conversation, message, base: 0, text: 'new' });
  const post = async (command: Request['command'], body: object) => {
    const answer = await place.rest('POST', prefix + command, body, people.stranger.token);
    const told = (await answer.json()) as Record<string, unknown>;
    expect([command, answerFaults(routeOf(command), answer.status, told)]).toEqual([command, []]);
    return told;
  };
  const asked = { conversation, names: [message] };
  const { rows } = (await post('messages', asked)) as { readonly rows: readonly object[] };
  expect(await sessions.stranger.ok({ command: 'messages', ...asked })).toMatchObject({ rows });
  const late = await post('edit', { id: newCommandId(), conversation, message, base: 0, text: 'late' });
  expect(late).toMatchObject({ code: 'edit_conflict', row: rows[0] });
  for (const command of ['list', 'privacy', 'findPeople'] as const) {
    const { command: _name, ...fields } = trials[command].asked(scene);
    const { cursor: _ours, ...byRest } = await post(command, fields);
    const { cursor: _theirs, ...bySession } = (await sessions.stranger.ok(
      trials[command].asked(scene),
    )) as typeof byRest;
    expect(byRest).toEqual(bySession);
  }
});

test('[CH-17.1] what is sent by REST is told to sessions like anything else', async () => {
  const { place, people, sessions } = scene;
  const { conversation } = await sessions.stranger.ok({ command: 'createNotes' });
  const body = { id: newCommandId(), conversation, text: 'by REST' };
  await place.rest('POST', `${prefix}send`, body, people.stranger.token);
  await sessions.stranger.event('commit', ({ row }) => row?.body.kind === 'text' && row.body.text === 'by REST');
});
