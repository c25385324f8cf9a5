import { afterAll, beforeAll, expect, it } from 'vitest';
import { assertsFigures } from '../../lane.js';
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

/** Measures the milliseconds from an action in one tab until the other shows it. */
async function delay(act: () => Promise<unknown>, shown: () => Promise<unknown>): Promise<number> {
  await act();
  const begun = performance.now();
  await shown();
  return performance.now() - begun;
}

const writtenIn = (person: Person, text: string): Promise<unknown> =>
  person.page.waitForFunction(
    (wanted) => [...document.querySelectorAll('textarea')].some(({ value }) => value === wanted),
    text,
  );

it('two tabs of one person agree within 500 ms', { tags: ['wide'] }, async () => {
  const { ann } = people;
  await second.sees('hello Bo');
  await composer(second).blur();
  const unread = row(second, 'Bo').getByText('marked unread');
  const delays = [
    await delay(
      () => choose(ann, 'Bo', 'Mark as unread'),
      () => unread.waitFor(),
    ),
    await delay(
      () => choose(ann, 'Bo', 'Mark as read'),
      () => unread.waitFor({ state: 'detached' }),
    ),
    await delay(
      () => composer(ann).fill('a draft'),
      () => writtenIn(second, 'a draft'),
    ),
  ];
  await composer(ann).fill('');
  expect(Math.max(...delays)).toBeLessThan(500);
});

it('two tabs of one person share one connection, and agree on read positions, drafts and who is signed in', async () => {
  const { ann, bo } = people;
  await second.sees('hello Bo');
  await bo.say('hello Ann');
  await Promise.all([ann.sees('hello Ann'), second.sees('hello Ann')]);
  const sockets = ({ addresses }: Person) => addresses.filter((address) => address.startsWith('ws:')).length;
  expect(second.addresses.filter((address) => /everywire\/(fetch|event|long)/.test(address))).toEqual([]);
  expect([sockets(ann), sockets(second)]).toEqual([1, 0]);

  await choose(ann, 'Bo', 'Mark as unread');
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
  const signedOut = performance.now();
  await second.page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
  if (assertsFigures) expect(performance.now() - signedOut).toBeLessThan(500);
});
