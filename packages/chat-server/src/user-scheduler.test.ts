import { expect, test } from 'vitest';
import { UserScheduler } from './user-scheduler.js';

// Tests `UserScheduler`, which shares the time of the server among users: in each tick of the event loop, requests run
// only for `turnMs` milliseconds, and users take turns.

/**
 * Creates a scheduler with a clock that only advances by the requests. `order` has the start of each request, `used` the
 * milliseconds that each took.
 */
function setUp(turnMs: number, restTurns = 1) {
  let [now, turn] = [0, 0];
  const due: (() => void)[] = [];
  const turns = new UserScheduler({ turnMs, restTurns, now: () => now, nextTurn: (callback) => due.push(callback) });
  const order: string[] = [];
  const used: number[] = [];
  return {
    turns,
    order,
    used,
    /** Runs a request that takes `ms` milliseconds. */
    ask: (user: number, name: string, ms: number): Promise<void> =>
      turns.run(
        user,
        async () => {
          order.push(`${name} in turn ${turn}`);
          await null;
          now += ms;
        },
        (took) => used.push(took),
      ),
    pass: (ms: number): void => {
      now += ms;
    },
    /** Runs all settled promises, then begins the next event-loop tick. */
    next: async (): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve));
      turn += 1;
      for (const callback of due.splice(0)) callback();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

test('when a tick has used its time, work waits for the next one and users take turns', async () => {
  const { ask, next, order, used } = setUp(5);
  await ask(1, 'a', 7);
  const requests = [ask(1, 'b', 7), ask(1, 'c', 7), ask(1, 'd', 2), ask(2, 'honest', 1), ask(1, 'e', 2)];
  await next();
  await next();
  await next();
  await next();
  await Promise.all(requests);
  expect(order).toEqual([
    'a in turn 0',
    'b in turn 1',
    'honest in turn 2',
    'c in turn 2',
    'd in turn 3',
    'e in turn 3',
  ]);
  expect(used).toEqual([7, 7, 1, 7, 2, 2]);
});

test('short work starts immediately while the tick has time, and work that fails frees its turn', async () => {
  const { ask, next, order } = setUp(5);
  await Promise.all([ask(1, 'a', 1), ask(2, 'b', 1)]);
  expect(order).toEqual(['a in turn 0', 'b in turn 0']);
  await ask(1, 'c', 9);
  const turns = [ask(1, 'd', 9), ask(2, 'e', 1)];
  await next();
  await next();
  await Promise.all(turns);
  expect(order.slice(3)).toEqual(['d in turn 1', 'e in turn 2']);
});

test('work that waits for a later tick does not keep other work from starting', async () => {
  const { ask, next, order, used, turns } = setUp(5);
  let go = (): void => undefined;
  const wait = new Promise<void>((resolve) => {
    go = resolve;
  });
  await ask(1, 'long', 6);
  const slow = turns.run(
    1,
    () => wait,
    (ms) => used.push(ms),
  );
  const requests = [ask(1, 'second', 1), ask(2, 'other', 1)];
  await next();
  await Promise.all(requests);
  expect(order).toEqual(['long in turn 0', 'other in turn 1', 'second in turn 1']);
  expect(used).toEqual([6, 0, 1, 1]);
  go();
  await slow;
  expect(used).toHaveLength(4);
});

test('idle ticks follow a full one until they took as long as its work', async () => {
  const { ask, next, pass, order } = setUp(5, 3);
  await ask(1, 'a', 6);
  const requests = [ask(1, 'b', 6), ask(1, 'c', 6), ask(1, 'd', 1)];
  for (let turns = 0; turns < 3; turns += 1) await next();
  expect(order).toEqual(['a in turn 0', 'b in turn 3']);
  for (let turns = 0; turns < 3; turns += 1) await next();
  expect(order.at(-1)).toBe('c in turn 6');
  await next();
  pass(6);
  await next();
  expect(order.at(-1)).toBe('d in turn 8');
  await Promise.all(requests);
});
