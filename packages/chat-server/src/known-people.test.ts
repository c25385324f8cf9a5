import type { UserId } from '@everywire/chat';
import { expect, test } from 'vitest';
import { forgetUnknownPeople } from './known-people.js';
import { LiveSessions } from './live-sessions.js';

const guest = 1;

test('a guest who starts to watch a person during a lookup of unknown people keeps that person and loses the unknown ones', async () => {
  const sessions = new LiveSessions(1);
  const left: string[] = [];
  const wire = { claims: {}, leave: (topic: string) => left.push(topic) };
  const session = sessions.add(wire as never, guest, 'sign-in', true);
  sessions.look(session, new Set<UserId>([2, 3]));
  const store = {
    acquaintances: () => {
      sessions.look(session, new Set<UserId>([2, 3, 4]));
      return Promise.resolve(new Set<UserId>([2]));
    },
  };
  const accounts = { users: () => Promise.resolve([{ id: guest, role: 'guest' }]) };
  await forgetUnknownPeople(session, { sessions, store: store as never, accounts: accounts as never });
  // A watched person on no record would stay subscribed for the session's lifetime.
  expect([...session.looking]).toEqual([2, 4]);
  expect(left).toEqual(['presence:3', 'profile:3']);
});
