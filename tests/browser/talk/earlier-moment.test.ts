/** @module-tag wide: rights and sign-ins that end while the page keeps something of them, at a real server. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Person } from './person.js';
import { composer, dialog, newGroup, row, settle, TwoPeople } from './two-people.js';

let people: TwoPeople;
let ann: Person;
let bo: Person;

beforeAll(async () => {
  people = await TwoPeople.meet();
  ({ ann, bo } = people);
});

afterAll(() => people?.end());

it('a draft of a group from which one was removed can be read, copied and deleted', async () => {
  await newGroup(bo, 'Crew', ['Ann']);
  await row(ann, 'Crew').click();
  await composer(ann).fill('half a thought');
  await row(ann, 'Bo').click();
  await row(ann, 'Crew').getByText('Draft:').waitFor();
  await settle(bo, 'Ann', 'Remove');
  await dialog(bo).getByRole('button', { name: 'Remove' }).click();
  await row(ann, 'Crew').click();
  const kept = ann.page.locator('.unsent-draft');
  await kept.getByText('half a thought').waitFor();
  expect(await kept.getByRole('button', { name: 'Copy' }).count()).toBe(1);
  await kept.getByRole('button', { name: 'Delete' }).click();
  await kept.waitFor({ state: 'detached' });
  await row(ann, 'Bo').click();
  await ann.page.reload();
  await row(ann, 'Crew').waitFor();
  expect(await row(ann, 'Crew').getByText('Draft:').count()).toBe(0);
});

it('a link to a message leads to it after a new sign-in, if the server has ended the one that the browser keeps', async () => {
  await row(bo, 'Ann').click();
  await composer(bo).waitFor();
  for (let count = 0; count < 30; count += 1) await bo.say(`line ${count}`);
  await bo.allSent();
  const link = `${new URL(bo.page.url()).hash}/m/1`;
  const origin = new URL(bo.page.url()).origin;
  const other = await people.arrive('Bo');
  await other.signIn();
  await bo.page.goto('about:blank');
  await other.page.getByRole('button', { name: 'Settings' }).click();
  await other.page.getByRole('tab', { name: 'Security' }).click();
  await other.page.getByRole('button', { name: 'Sign out other devices' }).click();
  await other.page.getByRole('button', { name: 'Sign out other devices' }).waitFor({ state: 'detached' });
  await bo.page.goto(`${origin}/${link}`);
  await bo.page.getByLabel('Username').waitFor();
  expect(new URL(bo.page.url()).hash).toBe(link);
  await bo.signIn();
  await bo.sees('hello Bo');
  expect(new URL(bo.page.url()).hash).toMatch(link.slice(0, -'/m/1'.length));
});
