import type { Request } from '@everywire/chat';
import { expect, test } from 'vitest';
import { UserRateLimit } from './user-rate-limit.js';

const limits = {
  commandsAtOnce: 3,
  commandRefillMs: 100,
  workMsAtOnce: 20,
  workRefillMs: 10,
  turnMs: 5,
  restTurns: 1,
  namedPersonMs: 0.1,
  notifiedPersonMs: 0.5,
  fanOutBytesPerMs: 1_024,
  changesAtOnce: 1,
  attemptKeysMax: 10,
  longRequestCharacters: 100,
};
const page = { command: 'page' } as Request;
const done = async (): Promise<void> => undefined;

function place() {
  let now = 0;
  const pace = new UserRateLimit(limits, () => now);
  return {
    pace,
    pass: (ms: number): void => {
      now += ms;
    },
    /** Sends a query that blocks the event loop for `ms` milliseconds. */
    ask: (user: number, ms: number): Promise<void> =>
      pace.run(user, page, async () => {
        now += ms;
      }),
  };
}

test('[CM-4.1] each user has a separate burst of requests and then one more each refill', () => {
  const { pace, pass } = place();
  expect([1, 1, 1, 1].map((user) => pace.begin(user))).toEqual([0, 0, 0, 100]);
  expect(pace.begin(2)).toBe(0);
  pass(100);
  expect([pace.begin(1), pace.begin(1)]).toEqual([0, 100]);
});

test('[CM-4.2] a user who has used up the work time waits until it is refilled, and another user does not', async () => {
  const { pace, pass, ask } = place();
  await ask(1, 15);
  expect(pace.begin(1)).toBe(0);
  await ask(1, 15);
  // Some of it was refilled while it ran.
  const waitMs = pace.begin(1);
  expect(waitMs).toBeGreaterThan(50);
  expect(pace.begin(2)).toBe(0);
  pass(waitMs);
  expect(pace.begin(1)).toBe(0);
});

test('[CM-4.2] a long message is parsed in turn and charged even if it is invalid; a short one is parsed immediately', async () => {
  const { pace, pass } = place();
  const parse = (ms: number) => () => {
    pass(ms);
    return 'refused';
  };
  expect(pace.parse(1, 100, parse(30))).toBe('refused');
  expect(pace.begin(1)).toBe(0);
  expect(await pace.parse(1, 101, parse(30))).toBe('refused');
  expect(pace.begin(1)).toBeGreaterThan(50);
  expect(pace.begin(2)).toBe(0);
});

test('[CM-4.6] a change is charged for the users it names before it runs, and waits only for earlier changes of its user', async () => {
  const { pace } = place();
  const create = {
    command: 'createGroup',
    users: Array.from({ length: 300 }, (_, index) => index),
  } as unknown as Request;
  const order: string[] = [];
  let end = (): void => undefined;
  const first = pace.run(1, create, async () => {
    order.push('first begins');
    await new Promise<void>((resolve) => {
      end = resolve;
    });
    order.push('first ends');
  });
  expect(pace.begin(1)).toBeGreaterThan(0);
  const second = pace.run(1, create, async () => void order.push('second'));
  await pace.run(2, create, async () => void order.push('other'));
  await pace.run(1, { command: 'typing' } as Request, done);
  end();
  await Promise.all([first, second]);
  expect(order).toEqual(['first begins', 'other', 'first ends', 'second']);
});

test('[CM-4.5] [CM-4.6] a user is charged for the users notified of a change and the bytes sent to them', () => {
  const { pace } = place();
  pace.chargeFanOut(1, 40, 0);
  expect(pace.begin(1)).toBe(0);
  pace.chargeFanOut(1, 0, 5 * 1_024);
  expect(pace.begin(1)).toBe(50);
});
