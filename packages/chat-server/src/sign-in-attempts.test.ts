import { expect, test } from 'vitest';
import { SharedCounts } from './shared-counts.js';
import { type AttemptOrigin, SignInAttempts } from './sign-in-attempts.js';

// Tests `SignInAttempts`, which limits guesses of passwords. `spend` returns how many milliseconds a log-in must wait,
// 0 for none.

const limits = { attemptsPerName: 2, attemptRefillMs: 1_000, attemptKeysMax: 20 };
const hash = 'hash';

/** Creates attempts on a clock that stands still. */
function createAttempts(other: Partial<typeof limits> = {}): SignInAttempts {
  const counts = new SharedCounts(
    () => undefined,
    () => 0,
  );
  return new SignInAttempts({ ...limits, ...other }, counts.create);
}

/** Spends this many attempts from one origin, and returns the waits. */
function attemptsAt(origin: Partial<AttemptOrigin>, attempts: SignInAttempts, times: number): readonly number[] {
  const whole = { name: 'ada', address: 'x', device: null, passwordHash: hash, ...origin };
  return Array.from({ length: times }, () => attempts.spend(attempts.countOf(whole)));
}

test('[A2] attempts at one name count together, whatever the address', () => {
  const attempts = createAttempts();
  expect(['x', 'y', 'z'].flatMap((address) => attemptsAt({ address }, attempts, 1))).toEqual([0, 0, 1_000]);
  expect(attemptsAt({ name: 'bob' }, attempts, 1)).toEqual([0]);
});

test('[A2] guessing elsewhere does not lock out a user who has signed in from here before', () => {
  const attempts = createAttempts();
  attempts.signedIn({ name: 'ada', address: 'home' }, hash);
  expect(attemptsAt({}, attempts, 3)).toEqual([0, 0, 1_000]);
  expect(attemptsAt({ address: 'home' }, attempts, 3)).toEqual([0, 0, 1_000]);
  // The device has a separate count, even if guesses come from the same address.
  expect(attemptsAt({ address: 'home', device: 'phone' }, attempts, 3)).toEqual([0, 0, 1_000]);
});

test('a name with a space does not spend the attempts of another name, its addresses or its devices', () => {
  const attempts = createAttempts();
  attempts.signedIn({ name: 'bob', address: '203.0.113.7' }, hash);
  for (const name of ['bob 203.0.113.7', '["address","bob","203.0.113.7"]', 'bob","203.0.113.7'])
    attemptsAt({ name, passwordHash: null }, attempts, 3);
  expect(attemptsAt({ name: 'bob', address: '203.0.113.7' }, attempts, 1)).toEqual([0]);
});

test('a new password makes every address unknown again', () => {
  const attempts = createAttempts();
  attempts.signedIn({ name: 'ada', address: 'home' }, 'the old hash');
  attemptsAt({}, attempts, 2);
  expect(attemptsAt({ address: 'home' }, attempts, 1)).toEqual([1_000]);
});

test('a correct password gives its own attempt back, and none of the wrong ones before it', () => {
  const attempts = createAttempts();
  attemptsAt({}, attempts, 2);
  attempts.giveBack(attempts.countOf({ name: 'ada', address: 'x', device: null, passwordHash: hash }));
  expect(attemptsAt({ address: 'y' }, attempts, 2)).toEqual([0, 1_000]);
});

test('a bounded number of addresses is remembered', () => {
  const attempts = createAttempts({ attemptKeysMax: 3 });
  for (const address of ['a', 'b', 'c', 'd']) attempts.signedIn({ name: 'ada', address }, hash);
  attemptsAt({}, attempts, 2);
  expect([...attemptsAt({ address: 'a' }, attempts, 1), ...attemptsAt({ address: 'b' }, attempts, 1)]).toEqual([
    1_000, 0,
  ]);
});
