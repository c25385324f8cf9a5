import { afterAll, beforeAll, expect, it } from 'vitest';
import { Person } from './person.js';
import { choose, composer, list, row, TwoPeople } from './two-people.js';

let people: TwoPeople;
/** A second tab of Ann's browser. */
let second: Person;

beforeAll(async () => {
  people = await TwoPeople.meet();
  const { page } = people.ann;
  second = await Person.arrive(page.context(), page.url(), 'Ann');
  await list(second).waitFor();
});

afterAll(() => people?.end());

it('two tabs of one person have one connection, and agree on what was read, what is written and who is signed in', async () => {
  const { ann, bo } = people;
  await second.sees('hello Bo');
  await bo.say('hello Ann');
  await Promise.all([ann.sees('hello Ann'), second.sees('hello Ann')]);
  const sockets = ({ addresses }: Person) => addresses.filter((address) => address.startsWith('ws:')).length;
  expect(second.addresses.filter((address) => /everywire\/(fetch|event|long)/.test(address))).toEqual([]);
  expect([sockets(ann), sockets(second)]).toEqual([1, 0]);

  await choose(ann, 'Bo', 'Mark unread');
  await row(second, 'Bo').getByText('marked unread').waitFor();
  await composer(second).blur();
  await composer(ann).fill('half a sentence');
  await composer(ann).blur();
  await expect.poll(() => composer(second).inputValue(), { timeout: 20_000 }).toBe('half a sentence');

  // The first tab connects for both.
  await ann.page.close();
  await second.say('from the second tab');
  await bo.sees('from the second tab');
  const third = await Person.arrive(second.page.context(), second.page.url(), 'Ann');
  await third.sees('from the second tab');
  expect([...second.problems, ...third.problems]).toEqual([]);

  await third.page.getByRole('button', { name: 'Settings' }).click();
  await third.page.getByRole('tab', { name: 'Account' }).click();
  await third.page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await second.page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
});
