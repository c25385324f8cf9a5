import type { Request } from '@everywire/chat';
import { answerFaults, type ChatServerServices, type RestRoute, restRoutes } from '@everywire/chat-server/internal';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGuestScene, createScene, forGuests, type Scene, secretText, trials } from './command-trials.js';
import { outcomesOf } from './outcomes.js';
import { newCommandId } from './test-session.js';

/*
 * Tries every command again by its REST route: the outcomes equal those in a session (`permissions.test.ts`), and
 * answers match the same schemas.
 */

const prefix = '/api/commands/';
/** Commands that are available in a session only. */
const sessionCommands = ['typing', 'watch', 'watchPresence', 'present'];
const commands = (Object.keys(trials) as Request['command'][]).filter((command) => !sessionCommands.includes(command));
const routes = restRoutes({} as ChatServerServices).filter((route) => route.path.startsWith(prefix));
const routeOf = (command: string) => routes.find((route) => route.path === prefix + command) as RestRoute;
/** Returns whether a command has an id. */
const keyed = (command: string): boolean =>
  'id' in (routeOf(command).body as { readonly properties: object }).properties;

let scene: Scene;
beforeAll(async () => {
  scene = await createScene({ limits: { restRequestsPerMinute: 10_000 } });
});
afterAll(() => scene.place.stop());

/** Sends a command by REST, and checks its answer against the schema. `refused` is status and code. */
async function ask(command: Request['command'], token: string | undefined, more: object = {}, of = scene) {
  const { command: _name, ...fields } = trials[command].asked(of);
  const body = { ...fields, ...(keyed(command) && { id: newCommandId() }), ...more };
  const answer = await of.place.rest('POST', prefix + command, body, token);
  const answered = (await answer.json()) as Record<string, unknown>;
  expect([command, answerFaults(routeOf(command), answer.status, answered)]).toEqual([command, []]);
  return { status: answer.status, body: answered, refused: `${answer.status} ${answered['code']}` };
}

test('every command has a route except those that only make sense in a session', () => {
  expect(routes.map((route) => route.path.slice(prefix.length)).sort()).toEqual([...commands].sort());
});

test.each(commands)(
  '[A8] [A9] [A10] %s is refused without valid access and with undeclared fields',
  async (command) => {
    const { token } = scene.people.stranger;
    const wrong = (body: unknown) => async () => (await scene.place.rest('POST', prefix + command, body, token)).status;
    const refusals = {
      'without a token': async () => (await ask(command, undefined)).refused,
      'with a token that never was': async () => (await ask(command, `ewt_${'x'.repeat(43)}`)).refused,
      'as a member who is suspended': async () => (await ask(command, scene.suspended.token)).refused,
      'with a field too many': async () => (await ask(command, token, { isAdmin: true })).refused,
      'of a list': wrong([]),
      'of a text': wrong('text'),
      'of a number': wrong(7),
    };
    const names = Object.keys(refusals) as (keyof typeof refusals)[];
    expect(await outcomesOf<string, unknown>(names, (name) => refusals[name as keyof typeof refusals]())).toEqual({
      'without a token': '401 unauthenticated',
      'with a token that never was': '401 unauthenticated',
      'as a member who is suspended': '401 unauthenticated',
      'with a field too many': '400 invalid',
      'of a list': 400,
      'of a text': 400,
      'of a number': 400,
    });
  },
);

// Permissions are decided behind both interfaces (`permissions.test.ts`); this tests only what is particular to REST.
test.each(commands)(
  '[A8] [CH-3] %s over REST has the expected outcomes for a stranger and a member',
  async (command) => {
    const outcomes = await outcomesOf(['stranger', 'member'] as const, async (who) => {
      const { status, body } = await ask(command, scene.people[who].token);
      if (who === 'stranger' && JSON.stringify(body).includes(secretText)) return 'received the secret';
      return status === 200 ? (body['outcome'] ?? 'ok') : body['code'];
    });
    const { stranger, member } = trials[command].expected;
    // For a stranger the conversation does not exist, whatever the command.
    expect(outcomes).toEqual({ stranger: stranger === 'not_member' ? 'not_found' : stranger, member });
  },
);

test('[CH-3] a guest may use by REST the same commands as in a session', async () => {
  const { scene: other, guest } = await createGuestScene();
  const outcomes = await outcomesOf(commands, async (command) => {
    const { status, body } = await ask(command, guest.token, {}, other);
    return status === 200 ? (body['outcome'] ?? 'ok') : body['code'];
  });
  const expected = Object.entries(forGuests).filter(([command]) => commands.includes(command as Request['command']));
  expect(outcomes).toEqual(Object.fromEntries(expected));
  await other.place.stop();
});

test('[CH-18.2] a repeated send takes effect once, over REST and in a session', async () => {
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

test('a stale edit is refused with the current message, and a query returns the same complete answer as in a session', async () => {
  const { place, people, sessions } = scene;
  const { conversation } = await sessions.stranger.ok({ command: 'createNotes' });
  const { sequence, id } = await sessions.stranger.ok({ command: 'send', conversation, text: 'old' });
  const message = { sequence, id };
  await sessions.stranger.ok({ command: 'edit', conversation, message, base: 0, text: 'new' });
  const post = async (command: Request['command'], body: object) => {
    const answer = await place.rest('POST', prefix + command, body, people.stranger.token);
    const answered = (await answer.json()) as Record<string, unknown>;
    expect([command, answerFaults(routeOf(command), answer.status, answered)]).toEqual([command, []]);
    return answered;
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

test('[CH-17.1] a message sent by REST is sent to sessions like any other', async () => {
  const { place, people, sessions } = scene;
  const { conversation } = await sessions.stranger.ok({ command: 'createNotes' });
  const body = { id: newCommandId(), conversation, text: 'by REST' };
  await place.rest('POST', `${prefix}send`, body, people.stranger.token);
  await sessions.stranger.event('commit', ({ row }) => row?.body.kind === 'text' && row.body.text === 'by REST');
});
