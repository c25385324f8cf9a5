import type { Request } from '@everywire/chat';
import { expect, test } from 'vitest';
import { UserRateLimit } from './user-rate-limit.js';

// Tests `UserRateLimit`, which limits the requests of each user and the time that they may take. `begin` returns how
// many milliseconds the user must wait, 0 for none.

/** Bursts of 3 requests and 20 ms of work; one request each 100 ms, and 1 ms of work each 10 ms. */
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

/** Creates a rate limit with a manual clock. */
function setUp() {
  let now = 0;
  const rateLimit = new UserRateLimit(limits, () => now);
  return {
    rateLimit,
    pass: (ms: number): void => {
      now += ms;
    },
    /** Sends a query that blocks the event loop for `ms` milliseconds. */
    ask: (user: number, ms: number): Promise<void> =>
      rateLimit.run(user, page, async () => {
        now += ms;
      }),
  };
}

test('[CM-4.1] each user has a separate burst of requests and then one more each refill', () => {
  const { rateLimit, pass } = setUp();
  expect([1, 1, 1, 1].map((user) => rateLimit.begin(user))).toEqual([0, 0, 0, 100]);
  expect(rateLimit.begin(2)).toBe(0);
  pass(100);
  expect([rateLimit.begin(1), rateLimit.begin(1)]).toEqual([0, 100]);
});

test('[CM-4.2] a user who has used up the work time waits until it is refilled, and another user does not', async () => {
  const { rateLimit, pass, ask } = setUp();
  await ask(1, 15);
  expect(rateLimit.begin(1)).toBe(0);
  await ask(1, 15);
  // Some of it was refilled while it ran.
  const waitMs = rateLimit.begin(1);
  expect(waitMs).toBeGreaterThan(50);
  expect(rateLimit.begin(2)).toBe(0);
  pass(waitMs);
  expect(rateLimit.begin(1)).toBe(0);
});

test('[CM-4.2] a long message is parsed in turn and charged even if it is invalid; a short one is parsed immediately', async () => {
  const { rateLimit, pass } = setUp();
  const parse = (ms: number) => () => {
    pass(ms);
    return 'refused';
  };
  expect(rateLimit.parse(1, 100, parse(30))).toBe('refused');
  expect(rateLimit.begin(1)).toBe(0);
  expect(await rateLimit.parse(1, 101, parse(30))).toBe('refused');
  expect(rateLimit.begin(1)).toBeGreaterThan(50);
  expect(rateLimit.begin(2)).toBe(0);
});

test('[CM-4.6] a change is charged for the users it names before it runs, and waits only for earlier changes of its user', async () => {
  const { rateLimit } = setUp();
  const create = {
    command: 'createGroup',
    users: Array.from({ length: 300 }, (_, index) => index),
  } as unknown as Request;
  const order: string[] = [];
  let end = (): void => undefined;
  const first = rateLimit.run(1, create, async () => {
    order.push('first begins');
    await new Promise<void>((resolve) => {
      end = resolve;
    });
    order.push('first ends');
  });
  expect(rateLimit.begin(1)).toBeGreaterThan(0);
  const second = rateLimit.run(1, create, async () => void order.push('second'));
  await rateLimit.run(2, create, async () => void order.push('other'));
  await rateLimit.run(1, { command: 'typing' } as Request, done);
  end();
  await Promise.all([first, second]);
  expect(order).toEqual(['first begins', 'other', 'first ends', 'second']);
});

test('[CM-4.5] [CM-4.6] a user is charged for the users notified of a change and the bytes sent to them', () => {
  const { rateLimit } = setUp();
  rateLimit.chargeFanOut(1, 40, 0);
  expect(rateLimit.begin(1)).toBe(0);
  rateLimit.chargeFanOut(1, 0, 5 * 1_024);
  expect(rateLimit.begin(1)).toBe(50);
});
