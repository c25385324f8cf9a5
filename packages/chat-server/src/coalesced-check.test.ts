import { expect, test } from 'vitest';
import { CoalescedCheck } from './coalesced-check.js';

// Tests `CoalescedCheck`, which runs a check at most once a tick, however often it is requested.

/** Creates a check. `begun` has a function for each run that ends the run; `fail` fails the latest. */
function setUp(): {
  readonly recheck: CoalescedCheck;
  readonly begun: (() => void)[];
  fail: () => void;
  failures: unknown[];
} {
  const begun: (() => void)[] = [];
  const failures: unknown[] = [];
  let reject = (_error: unknown): void => undefined;
  const look = (): Promise<void> =>
    new Promise((resolve, refuse) => {
      begun.push(resolve);
      reject = refuse;
    });
  const recheck = new CoalescedCheck(look, (error) => failures.push(error));
  return { recheck, begun, fail: () => reject(new Error('no store')), failures };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a recheck runs immediately, then at most once a tick, however often it is requested', async () => {
  const { recheck, begun } = setUp();
  for (let call = 0; call < 100; call += 1) recheck.call();
  expect(begun).toHaveLength(1);
  begun[0]!();
  await settled();
  recheck.call();
  expect(begun).toHaveLength(1);
  recheck.tick();
  expect(begun).toHaveLength(2);
});

test('a recheck requested during a running one runs after it', async () => {
  const { recheck, begun } = setUp();
  recheck.call();
  recheck.tick();
  recheck.call();
  expect(begun).toHaveLength(1);
  begun[0]!();
  await settled();
  recheck.tick();
  expect(begun).toHaveLength(2);
});

test('a failed recheck is retried, and the first failure in a row is reported', async () => {
  const { recheck, begun, fail, failures } = setUp();
  recheck.call();
  for (let time = 0; time < 3; time += 1) {
    fail();
    await settled();
    recheck.tick();
  }
  expect([begun.length, failures.length]).toEqual([4, 1]);
  begun[3]!();
  await settled();
  recheck.tick();
  expect(begun).toHaveLength(4);
});
