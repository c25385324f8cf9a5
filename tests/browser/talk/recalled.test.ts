/** @module-tag wide: packages/testkit holds both stores to the counts; this is what the page shows of them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Person } from './person.js';
import { list, newGroup, row, TwoPeople } from './two-people.js';

/* What is recalled before it was read, at a real server. */

let people: TwoPeople;
let ann: Person;
let bo: Person;

beforeAll(async () => {
  people = await TwoPeople.meet();
  ({ ann, bo } = people);
});

afterAll(() => people?.end());

async function recall(person: Person, text: string): Promise<void> {
  const message = person.page.locator('article', { hasText: text });
  await message.locator('.bubble').click({ button: 'right' });
  await person.page.getByRole('menuitem', { name: 'Delete for everyone' }).click();
  await person.page.locator('article', { hasText: text }).waitFor({ state: 'detached' });
}

it('[CH-19.1] is not unread any more: in the list, the title and the line above what is new, on each device, over a reload', async () => {
  const other = await people.arrive('Bo');
  await other.signIn();
  await newGroup(ann, 'Team', ['Bo']);
  await row(bo, 'Team').waitFor();
  for (const text of ['one', '@bo two', 'three']) await ann.say(text);
  await ann.allSent();
  for (const person of [bo, other]) await row(person, 'Team').locator('.count', { hasText: '3 unread' }).waitFor();
  await recall(ann, 'one');
  await recall(ann, 'two');
  for (const person of [bo, other]) {
    await row(person, 'Team').locator('.count:not(.call)', { hasText: '1 unread' }).waitFor();
    await expect.poll(() => row(person, 'Team').locator('.count.call').count()).toBe(0);
    await expect.poll(() => person.page.title()).toContain('(1)');
  }
  await other.page.reload();
  await row(other, 'Team').locator('.count', { hasText: '1 unread' }).waitFor();
  await row(bo, 'Team').click();
  await bo.sees('three');
  const line = bo.page.locator('.log .new');
  await line.waitFor();
  expect(await line.evaluate((element) => element.closest('[style]')?.nextElementSibling?.textContent)).toContain(
    'three',
  );
  await expect.poll(() => list(other).locator('.count').count()).toBe(0);
});
