import { expect, it } from 'vitest';
import { BodyBudget, type BudgetedBody } from './body-budget.js';

// Tests `BodyBudget`, the room (a number of bytes) for request bodies that are being read, for each address.

/** Reserves room for a body of which `arrived` bytes have arrived, and records whether it is refused. */
function hold(room: BodyBudget, bytes: number, arrived: number): BudgetedBody & { refused: boolean } {
  const body = {
    missingBytes: bytes - arrived,
    refused: false,
    refuse: () => {
      body.refused = true;
      room.remove('a', body);
      room.giveBack('a', bytes);
    },
  };
  expect(room.take('a', bytes)).toBe(true);
  room.add('a', body);
  return body;
}

it('each address has a separate amount of room, which is reusable after it was given back', () => {
  const room = new BodyBudget(10);
  expect(room.take('a', 6)).toBe(true);
  expect(room.take('a', 5)).toBe(false);
  expect(room.take('a', 4)).toBe(true);
  expect(room.take('b', 10)).toBe(true);
  room.giveBack('a', 6);
  expect(room.take('a', 6)).toBe(true);
  expect(room.take('a', 1)).toBe(false);
});

it('a small body gets the room of the body that lacks the most', () => {
  const room = new BodyBudget(100);
  const [nearlyWhole, announced, smaller] = [hold(room, 40, 39), hold(room, 40, 5), hold(room, 20, 0)];
  expect(room.take('a', 10)).toBe(true);
  expect([nearlyWhole, announced, smaller].map(({ refused }) => refused)).toEqual([false, true, false]);
});

it('a body is refused if no other lacks more than it needs, so that equal bodies do not displace each other', () => {
  const room = new BodyBudget(100);
  const [first, second] = [hold(room, 50, 0), hold(room, 50, 10)];
  expect(room.take('a', 50)).toBe(false);
  expect([first.refused, second.refused]).toEqual([false, false]);
});

it('a body of another address keeps its room', () => {
  const room = new BodyBudget(100);
  const other = hold(room, 100, 0);
  expect(room.take('b', 100)).toBe(true);
  expect(room.take('b', 1)).toBe(false);
  expect(other.refused).toBe(false);
});
