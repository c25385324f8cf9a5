/** @module-tag wide: packages/testkit checks the counts of both stores; this is what the page shows of them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Person } from './person.js';
import { list, newGroup, row, TwoPeople } from './two-people.js';

/* Messages recalled before they were read, at a real server. */

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

it('[CH-19.1] a recalled message is no longer unread: in the list, the title and the line above new messages, on each device, over a reload', async () => {
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
