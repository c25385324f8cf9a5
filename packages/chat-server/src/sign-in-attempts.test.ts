import { expect, test } from 'vitest';
import { SignInAttempts } from './sign-in-attempts.js';

const limits = { attemptsPerName: 2, attemptRefillMs: 1_000, attemptKeysMax: 3 };

test('[A2] attempts at one name count together, whatever the address', () => {
  const attempts = new SignInAttempts(limits);
  expect([attempts.spend('ada', 'x', 0), attempts.spend('ada', 'y', 0), attempts.spend('ada', 'z', 0)]).toEqual([
    0, 0, 1_000,
  ]);
  expect(attempts.spend('bob', 'x', 0)).toBe(0);
});

test('[A2] guessing elsewhere does not lock out who has signed in here before', () => {
  const attempts = new SignInAttempts(limits);
  attempts.spend('ada', 'home', 0);
  attempts.succeeded('ada', 'home');
  for (const address of ['x', 'y', 'z']) attempts.spend('ada', address, 0);
  expect(attempts.spend('ada', 'x', 0)).toBe(1_000);
  expect([
    attempts.spend('ada', 'home', 0),
    attempts.spend('ada', 'home', 0),
    attempts.spend('ada', 'home', 0),
  ]).toEqual([0, 0, 1_000]);
});

test('a right password gives the attempts back', () => {
  const attempts = new SignInAttempts(limits);
  attempts.spend('ada', 'x', 0);
  attempts.spend('ada', 'x', 0);
  attempts.succeeded('ada', 'x');
  expect([attempts.spend('ada', 'x', 0), attempts.spend('ada', 'y', 0)]).toEqual([0, 0]);
});

test('remembers a bounded number of places', () => {
  const attempts = new SignInAttempts(limits);
  for (const address of ['a', 'b', 'c', 'd']) attempts.succeeded('ada', address);
  for (const address of ['x', 'y']) attempts.spend('ada', address, 0);
  expect([attempts.spend('ada', 'a', 0), attempts.spend('ada', 'b', 0)]).toEqual([1_000, 0]);
});
