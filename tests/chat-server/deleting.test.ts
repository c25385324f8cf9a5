import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createScene, everyone, type Scene, secretText, trials, type Who } from './command-trials.js';
import type { TestPerson } from './test-place.js';
import { newCommandId, type TestSession } from './test-session.js';

/* A group that its owner, or the administrator, deletes for everyone (CH-36). */

const inside = ['reader', 'member', 'admin', 'owner'] as const;

let scene: Scene;
let administrator: TestPerson;
let head: TestSession;

beforeAll(async () => {
  scene = await createScene({ limits: { searchesAtOnce: 1_000, restRequestsPerMinute: 10_000 } });
  administrator = await scene.place.setUp('head');
  head = await scene.place.connect(administrator);
});
afterAll(() => scene.place.stop());

/** Settings of a group that anyone may join. After its deletion it can no longer be joined. */
const openToAll = { send: 'members', add: 'members', rename: 'members', join: 'anyone' } as const;

/** The command that deletes a group. */
const remove = (conversation: number) => ({ command: 'delete', conversation }) as const;

describe('before a conversation is deleted', () => {
  test.each<readonly [Who, string]>([
    ['stranger', 'not_found'],
    ['former', 'not_member'],
    ['reader', 'denied'],
    ['member', 'denied'],
    ['admin', 'denied'],
  ])('[CH-36.1] the %s gets %s for a delete, and the group remains', async (who, code) => {
    expect(await scene.sessions[who].code(remove(scene.group))).toBe(code);
    expect(await scene.sessions.member.code({ command: 'send', conversation: scene.group, text: 'x' })).toBe('ok');
  });

  test('[CH-36.1] a direct conversation and notes cannot be deleted, even by the administrator', async () => {
    const { sessions, ids } = scene;
    const { conversation } = await sessions.owner.ok({ command: 'createDirect', peer: ids.pawn });
    const notes = await sessions.owner.ok({ command: 'createNotes' });
    for (const each of [conversation, notes.conversation]) {
      expect(await sessions.owner.code(remove(each))).toBe('denied');
      expect(await head.code(remove(each))).toBe('denied');
    }
  });
});

describe('once the owner deleted the group', () => {
  let cursors: Record<(typeof inside)[number], string>;

  beforeAll(async () => {
    const { sessions, group } = scene;
    const lists = inside.map(async (who) => [who, (await sessions[who].ok({ command: 'list', cursor: null })).cursor]);
    cursors = Object.fromEntries(await Promise.all(lists));
    await sessions.owner.ok({ command: 'configure', conversation: group, settings: openToAll });
    const id = newCommandId();
    expect(await sessions.owner.code({ ...remove(group), id })).toBe('ok');
    expect(await sessions.owner.code({ ...remove(group), id })).toBe('ok');
    expect(await sessions.owner.code(remove(group))).toBe('ok');
  });

  test('[CH-36.2] [CH-36.3] every member gets the deletion, and a list that was offline reports it too', async () => {
    for (const who of inside) {
      await scene.sessions[who].event('commit', ({ conversation, row }) => {
        return conversation === scene.group && row?.body.kind === 'service' && row.body.service.change === 'deleted';
      });
      const { entries } = await scene.sessions[who].ok({ command: 'list', cursor: cursors[who] });
      expect(entries).toMatchObject([
        { conversation: scene.group, member: false, ended: 'deleted', unread: 0, preview: null },
      ]);
    }
  });

  const writing = ['send', 'edit', 'react', 'pin', 'hide', 'add', 'remove', 'setRole', 'configure', 'rename', 'leave'];
  const own = [
    'arrange',
    'mute',
    'notify',
    'mark',
    'clear',
    'read',
    'delivered',
    'draft',
    'typing',
    'watch',
    'createInvite',
  ];
  test.each([...writing, ...own] as const)('[CH-36.4] %s is refused with `conversation_deleted`', async (command) => {
    for (const who of inside) {
      const asked = trials[command as 'send'].asked(scene);
      expect([who, await scene.sessions[who].code(asked)]).toEqual([who, 'conversation_deleted']);
    }
  });

  test('[CH-36.4] a deleted group cannot be joined', async () => {
    for (const who of ['stranger', 'former', 'member'] as const) {
      expect(await scene.sessions[who].code(trials.join.asked(scene))).toBe('not_found');
      expect(await scene.sessions[who].code(trials.invitation.asked(scene))).toBe('not_found');
    }
    const { groups } = await scene.sessions.stranger.ok({ command: 'directory', query: '', after: null });
    expect(groups).toEqual([]);
  });

  const reading = ['page', 'changes', 'messages', 'versions', 'pins', 'hidden', 'members', 'readers'] as const;
  test.each(reading)(
    '[CH-3.1] [CH-36.4] %s returns nothing of a deleted group to anyone, over REST neither',
    async (command) => {
      for (const who of everyone) {
        const asked = trials[command].asked(scene);
        const answer = await scene.sessions[who].ask(asked);
        expect(answer).toMatchObject({ ok: { outcome: 'not_member' } });
        const { command: _name, ...body } = asked;
        const response = await scene.place.rest('POST', `/api/commands/${command}`, body, scene.people[who].token);
        const text = await response.text();
        expect(JSON.parse(text)).toMatchObject({ code: who === 'stranger' ? 'not_found' : 'not_member' });
        expect(text).not.toContain(secretText);
      }
    },
  );

  test('[CH-36.4] a search finds neither messages nor the name of a deleted group', async () => {
    const query = { command: 'search', text: 'secret', zone: 0, conversation: null, after: null } as const;
    for (const who of inside) {
      expect((await scene.sessions[who].ok(query)).hits).toEqual([]);
      const found = await scene.sessions[who].ok({ command: 'findConversations', query: 'Secret', after: null });
      expect(found.entries).toEqual([]);
    }
  });

  test('[CH-28.7] the leftover entry of a deleted group can be removed from the list', async () => {
    await scene.sessions.member.ok({ command: 'dismiss', conversation: scene.group });
    const { entries } = await scene.sessions.member.ok({ command: 'listPage', after: null });
    expect(entries.map(({ conversation }) => conversation)).not.toContain(scene.group);
  });
});

test('[CH-3.4] [CH-36.1] the administrator deletes a channel without being a member, and learns nothing of its content', async () => {
  const { sessions } = scene;
  const { conversation } = await sessions.owner.ok({ command: 'createChannel', name: 'News', join: 'anyone' });
  await sessions.member.ok({ command: 'join', conversation, secret: null });
  await head.ok(remove(conversation));
  await sessions.member.event(
    'commit',
    (event) => event.conversation === conversation && event.row?.sender === administrator.id,
  );
  const { entry } = await sessions.member.ok({ command: 'entry', conversation });
  expect(entry).toMatchObject({ member: false, ended: 'deleted', name: 'News' });
  expect((await head.ok({ command: 'entry', conversation })).entry).toBeNull();
  expect(await head.code({ command: 'send', conversation, text: 'x' })).toBe('not_found');
});
