import { afterAll, beforeAll, expect, test } from 'vitest';
import { createScene, everyone, type Scene, trials, type Who } from './command-trials.js';

/* Typing and presence over REST: the same people may send and see them as in a session. */

let scene: Scene;
beforeAll(async () => {
  scene = await createScene({ limits: { restRequestsPerMinute: 10_000 } });
});
afterAll(() => scene.place.stop());

/** Reports over REST that a user is typing. */
const type = (who: Who, conversation: number, typing = true) =>
  scene.place.rest('POST', '/api/typing', { conversation, typing }, scene.people[who].token);
/** Queries over REST who is present. */
const look = async (who: Who, users: string) => {
  const answer = await scene.place.rest('GET', `/api/presence?users=${users}`, undefined, scene.people[who].token);
  return { status: answer.status, body: (await answer.json()) as { presence?: readonly object[]; code?: string } };
};

test.each<Who>(everyone)('[A8] [CM-11] a %s may send typing over REST as in a session', async (who) => {
  const answer = await type(who, scene.group);
  const outcome = answer.status === 204 ? 'ok' : ((await answer.json()) as { readonly code: string }).code;
  expect(outcome).toBe(trials.typing.expected[who]);
});

test('[CM-11.1] typing is sent to those who have the conversation open, but not between two people of whom one blocks the other', async () => {
  const { sessions, ids, group } = scene;
  await sessions.admin.ok({ command: 'watch', conversations: [group] });
  expect((await type('member', group, false)).status).toBe(204);
  expect(await sessions.admin.event('typing', ({ user }) => user === ids.member)).toEqual({
    event: 'typing',
    conversation: group,
    user: ids.member,
    typing: false,
  });
  const { conversation } = await sessions.owner.ok({ command: 'createDirect', peer: ids.reader });
  await sessions.owner.ok({ command: 'watch', conversations: [conversation] });
  await sessions.owner.ok({ command: 'block', user: ids.reader, blocked: true });
  expect((await type('reader', conversation)).status).toBe(204);
  await sessions.owner.ok({ command: 'block', user: ids.reader, blocked: false });
  // Typing on and off are counted separately, so this event is sent, after the other one would have been.
  expect((await type('reader', conversation, false)).status).toBe(204);
  await sessions.owner.event('typing', ({ user, typing }) => user === ids.reader && !typing);
  expect(sessions.owner.events.filter((event) => event.event === 'typing' && event.typing)).toEqual([]);
});

test('[CM-13] presence is returned once for each person asked for, and hidden from those they block', async () => {
  const { sessions, ids } = scene;
  await sessions.owner.ok({ command: 'present', active: true });
  const [online, away] = [
    { user: ids.owner, state: 'online', lastSeenAt: null },
    { user: ids.pawn, state: 'away', lastSeenAt: null },
  ];
  const both = `${ids.owner},${ids.pawn},${ids.owner}`;
  expect(await look('stranger', both)).toEqual({ status: 200, body: { presence: [online, away] } });
  await sessions.owner.ok({ command: 'block', user: ids.stranger, blocked: true });
  const hidden = { user: ids.owner, state: 'away', lastSeenAt: null };
  expect((await look('stranger', both)).body.presence).toEqual([hidden, away]);
  expect((await look('member', both)).body.presence).toEqual([online, away]);
});

test('[A9] a malformed or too long list of ids is refused', async () => {
  for (const wrong of ['', '0', '1,', 'x', '1;2', '-1', '1&users=2', '1&more=1', '9'.repeat(16)])
    expect([wrong, (await look('member', wrong)).body.code]).toEqual([wrong, 'invalid']);
  const many = Array.from({ length: 201 }, (_, index) => index + 1);
  expect((await look('member', many.slice(1).join(','))).status).toBe(200);
  expect((await look('member', many.join(','))).body.code).toBe('too_many');
});
