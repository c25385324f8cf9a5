/**
 * @module-tag wide: tests of packages/chat-client and packages/chat test how conversations begin; this is their way
 * through the page.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from './person.js';
import { composer, dialog, list, newGroup, row, TwoPeople } from './two-people.js';

/* How conversations begin, at a real server. */

let people: TwoPeople;
let ann: Person;

beforeAll(async () => {
  people = await TwoPeople.meet();
  ({ ann } = people);
});

afterAll(() => people?.end());

async function join(name: string): Promise<Person> {
  const person = await people.arrive(name);
  await person.register();
  return person;
}

/** Opens a person without a conversation yet, from the search of the list. */
async function find(person: Person, name: string): Promise<void> {
  await list(person).getByRole('textbox').fill(name);
  await list(person).locator('button.conversation', { hasText: name }).click();
  await person.page.getByRole('heading', { level: 1, name }).waitFor();
}

const rows = (person: Person) => list(person).locator('a.conversation');
const head = (person: Person, name: string) => person.page.getByRole('heading', { level: 1, name });

describe('a direct conversation before its first message', () => {
  it('a direct conversation begins with its first message: before it neither person has a row, and the draft survives a reload', async () => {
    const [cleo, dan] = [await join('Cleo'), await join('Dan')];
    await find(cleo, 'Dan');
    await cleo.page.getByText('No messages yet').waitFor();
    // A draft is stored a moment after it was written; a reload may come earlier.
    const reloaded = async () => {
      await composer(cleo).fill('hello Dan');
      await cleo.page.reload();
      await head(cleo, 'Dan').waitFor();
      return composer(cleo).inputValue();
    };
    await expect.poll(reloaded).toBe('hello Dan');
    // What Dan sees is final once a later action is visible.
    await ann.startTalking('Dan');
    await ann.say('from Ann');
    await row(dan, 'Ann').waitFor();
    expect([await rows(cleo).count(), await rows(dan).count()]).toEqual([0, 1]);
    await composer(cleo).press('Enter');
    await cleo.sees('hello Dan');
    await row(cleo, 'Dan').waitFor();
    await expect.poll(() => new URL(cleo.page.url()).hash).toMatch(/^#\/c\/\d+$/);
    await composer(cleo).fill('still here');
    await row(dan, 'Cleo').getByText('hello Dan').waitFor();
    await cleo.allSent();
    expect(await composer(cleo).inputValue()).toBe('still here');
    expect(await cleo.texts()).toEqual(['hello Dan']);
    expect(cleo.problems).toEqual([]);
  });

  it('a direct conversation begins once if both write first at the same time, or a message is sent again after a reload', async () => {
    const [eve, fay] = [await join('Eve'), await join('Fay')];
    await find(eve, 'Fay');
    await find(fay, 'Eve');
    await Promise.all([eve.say('I am Eve'), fay.say('I am Fay')]);
    for (const person of [eve, fay]) {
      for (const text of ['I am Eve', 'I am Fay']) await person.sees(text);
      await person.allSent();
      expect(await rows(person).count()).toBe(1);
      await person.page.reload();
      await person.sees('I am Eve');
      expect((await person.texts()).toSorted()).toEqual(['I am Eve', 'I am Fay']);
    }
  });

  it('a first message waits offline with a clock, is in the list, and is sent once by two tabs', async () => {
    const [gil, hal] = [await join('Gil'), await join('Hal')];
    await find(gil, 'Hal');
    await gil.page.context().setOffline(true);
    await gil.say('first');
    await gil.page.locator('[data-receipt="waiting"], [data-receipt="sending"]').waitFor();
    await gil.say('second');
    await row(gil, 'Hal').getByText('second').waitFor();
    await gil.page.context().setOffline(false);
    const tab = await gil.page.context().newPage();
    await tab.goto(gil.page.url());
    await row(hal, 'Gil').getByText('second').waitFor();
    await row(hal, 'Gil').click();
    await hal.sees('second');
    await gil.allSent();
    await expect.poll(() => tab.locator('[data-receipt="waiting"], [data-receipt="sending"]').count()).toBe(0);
    expect(await hal.texts()).toEqual(['first', 'second']);
    expect([await rows(gil).count(), await rows(hal).count()]).toEqual([1, 1]);
    await tab.close();
  });

  it('a direct conversation that was hidden from the list opens with its messages', async () => {
    const [ida, jon] = [await join('Ida'), await join('Jon')];
    await find(ida, 'Jon');
    await ida.say('long ago');
    await row(jon, 'Ida').waitFor();
    await row(ida, 'Jon').click({ button: 'right' });
    await ida.page.getByRole('menuitem', { name: 'Hide until the next message' }).click();
    await expect.poll(() => rows(ida).count()).toBe(0);
    await ida.page.reload();
    await list(ida).waitFor();
    await find(ida, 'Jon');
    await ida.sees('long ago');
    expect(await rows(ida).count()).toBe(0);
    await ida.say('again');
    await row(ida, 'Jon').getByText('again').waitFor();
    expect(await ida.texts()).toEqual(['long ago', 'again']);
  });
});

describe('a group', () => {
  it('the first group of a person without conversations shows its owner who has read and who types', async () => {
    const [mia, ned] = [await join('Mia'), await join('Ned')];
    await mia.page.getByRole('button', { name: 'New group', exact: true }).click();
    await dialog(mia).getByLabel('Group name').fill('First');
    await dialog(mia).getByRole('button', { name: 'Ned' }).click();
    await dialog(mia).getByRole('button', { name: 'Create group' }).click();
    await head(mia, 'First').waitFor();
    await mia.say('who is here');
    await row(ned, 'First').click();
    await mia.page.locator('article', { hasText: 'who is here' }).locator('[data-receipt="read"]').waitFor();
    await composer(ned).pressSequentially('me');
    await mia.page.locator('.typing', { hasText: 'Ned' }).first().waitFor();
  });

  it('a group shows with whom it began', async () => {
    const [kim, lou] = [await join('Kim'), await join('Lou')];
    await newGroup(ann, 'Two', ['Kim']);
    const said = (text: string) => ann.page.locator('p.service').getByText(text, { exact: true }).waitFor();
    await said('You created the group with Kim');
    await newGroup(ann, 'Four', ['Kim', 'Lou', 'Bo']);
    await said('You created the group with Kim and 2 others');
    await row(lou, 'Four').getByText('Ann created the group with you and 2 others').waitFor();
    await row(kim, 'Two').getByText('Ann created the group with you').waitFor();
  });
});
