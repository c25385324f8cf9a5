import type { WireSession } from '@everywire/server';
import { expect, test } from 'vitest';
import { LiveSessions } from './live-sessions.js';

/** The parts of a session that the registry uses. */
function wire(ended: string[], name: string, claims: { credential?: string } = {}): WireSession {
  return { claims, end: (code: string) => ended.push(`${name} ${code}`) } as unknown as WireSession;
}

test('a user is online until the last of their sessions has ended', () => {
  const sessions = new LiveSessions(10);
  const [first, second] = [sessions.add(wire([], 'a'), 7, 'c'), sessions.add(wire([], 'b'), 7, 'c')];
  sessions.remove(first);
  expect([sessions.isOnline(7), sessions.users(), sessions.all().length]).toEqual([true, [7], 1]);
  sessions.remove(second);
  expect([sessions.isOnline(7), sessions.users(), sessions.all().length]).toEqual([false, [], 0]);
});

test('each user with an open conversation is listed once, and removed with their sessions', () => {
  const sessions = new LiveSessions(10);
  const [first, second] = [sessions.add(wire([], 'a'), 7, 'c'), sessions.add(wire([], 'b'), 7, 'c')];
  const other = sessions.add(wire([], 'o'), 8, 'd');
  for (const session of [first, second, other]) sessions.watch(session, new Set([1, 2]));
  expect(sessions.watchersOf(1)).toEqual([7, 8]);
  sessions.watch(other, new Set([2]));
  sessions.remove(first);
  expect([sessions.watchersOf(1), sessions.watchersOf(2)]).toEqual([[7], [7, 8]]);
  sessions.remove(second);
  expect(sessions.watchersOf(1)).toEqual([]);
});

test('a session that ended watches nothing, even if its request is answered later', () => {
  const sessions = new LiveSessions(10);
  const session = sessions.add(wire([], 'a'), 7, 'c');
  sessions.watch(session, new Set([1]));
  sessions.remove(session);
  sessions.watch(session, new Set([1, 2]));
  expect([sessions.watchersOf(1), sessions.watchersOf(2), [...session.watching]]).toEqual([[], [], []]);
});

test('a session with a renewed token belongs to the new sign-in, also in the list of devices', () => {
  const sessions = new LiveSessions(2);
  const claims = { credential: 'first' };
  const session = sessions.add(wire([], 'a', claims), 7, 'first');
  sessions.moved(session, 'websocket');
  claims.credential = 'second';
  expect(session.credential).toBe('second');
  expect(sessions.all().map(({ credential }) => credential)).toEqual(['second']);
  expect(sessions.transportsOf(7)).toEqual(new Map([['second', 'websocket']]));
});

test('[CM-7] a session beyond the limit ends the oldest, each once', () => {
  const sessions = new LiveSessions(2);
  const ended: string[] = [];
  for (const name of ['a', 'b', 'c', 'd']) sessions.add(wire(ended, name), 7, 'c');
  expect(ended).toEqual(['a replaced', 'b replaced']);
  expect(sessions.all()).toHaveLength(2);
});
