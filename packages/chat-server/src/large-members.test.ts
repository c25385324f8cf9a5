import type { CommitEvent, MessageBody } from '@everywire/chat';
import type { WireSession } from '@everywire/server';
import { expect, test } from 'vitest';
import { LargeMembers } from './large-members.js';
import { LiveSessions } from './live-sessions.js';

function online(...users: number[]): { readonly sessions: LiveSessions; readonly members: LargeMembers } {
  const sessions = new LiveSessions(10);
  for (const user of users) sessions.add({} as WireSession, user, 'c');
  return { sessions, members: new LargeMembers(sessions) };
}

function event(conversation: number, body: MessageBody = { kind: 'text', text: 'x' }): CommitEvent {
  const head = { sequence: 9, modification: 0 };
  const row = { sequence: 9, id: 'f', sender: 1, commandId: 'c', body, sentAt: 0, modification: 0, ordinal: 9 };
  const heads = { before: head, after: head, membersAt: 9, count: 9, memberCount: 3, activity: 0, large: true };
  return { event: 'commit', epoch: 'e', conversation, ...heads, row };
}

test('an event concerns users who were members when they came online', () => {
  const { members } = online(1, 2, 3);
  members.learn(1, [7]);
  // That one member is known says nothing about the others until all were looked up.
  expect(members.candidates(event(7))).toEqual([1, 2, 3]);
  members.exclude(7, [2, 3]);
  expect(members.candidates(event(7))).toEqual([1]);
  members.learn(2, [7]);
  expect(members.candidates(event(7))).toEqual([1, 2]);
});

test('an unknown conversation has just become large, so all users here are candidates', () => {
  const { members } = online(1, 2);
  expect(members.candidates(event(7))).toEqual([1, 2]);
});

test('users whom an event adds are addressed by name, and become candidates from the next event', () => {
  const { members } = online(1, 2);
  members.candidates(event(7));
  members.exclude(7, [2]);
  const added: MessageBody = { kind: 'service', service: { change: 'added', users: [2, 3] } };
  expect(members.candidates(event(7, added))).toEqual([1]);
  expect(members.candidates(event(7))).toEqual([1, 2]);
});

test('a user who left is forgotten, and one who left before the lookup ended is not remembered', () => {
  const { sessions, members } = online(1, 2);
  members.learn(1, [7]);
  members.learn(2, [7]);
  for (const session of sessions.all()) if (session.user === 2) sessions.remove(session);
  members.forget(2);
  members.learn(2, [7]);
  expect(members.candidates(event(7))).toEqual([1]);
});

test('users who were looked up and are not members are no candidates, until a gap makes all users candidates again', () => {
  const { members } = online(1, 2, 3);
  expect(members.isNew(7)).toBe(true);
  expect(members.candidates(event(7))).toEqual([1, 2, 3]);
  members.exclude(7, [1, 2, 3]);
  expect([members.isNew(7), members.candidates(event(7))]).toEqual([false, []]);
  const joined: MessageBody = { kind: 'service', service: { change: 'joined' } };
  expect(members.candidates(event(7, joined))).toEqual([]);
  expect(members.candidates(event(7))).toEqual([1]);
  members.forgetAll();
  expect([members.isNew(7), members.candidates(event(7))]).toEqual([true, [1, 2, 3]]);
});
