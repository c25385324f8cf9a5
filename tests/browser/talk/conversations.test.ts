import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServerProcess } from '../../durability/server-process.js';
import { launchChromium } from '../launch-chromium.js';
import { Person } from './person.js';

const view: BrowserContextOptions = { viewport: { width: 1300, height: 1_400 }, locale: 'en-US' };

/* Conversations as people settle them: for themselves in the list, with others in the details; two accounts at one real server. */

let data: string;
let server: ServerProcess;
let browser: Browser;
let ann: Person;
let bo: Person;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'everywire-conversations-'));
  server = new ServerProcess(data);
  await server.start().started;
  browser = await launchChromium();
  ann = await Person.arrive(await browser.newContext(view), server.url, 'Ann');
  bo = await Person.arrive(await browser.newContext(view), server.url, 'Bo');
  await ann.register();
  await bo.register();
  await ann.startTalking('Bo');
  await ann.say('hello Bo');
  await bo.openConversation('Ann');
  await bo.sees('hello Bo');
}, 90_000);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(data, { recursive: true, force: true });
});

const list = (person: Person): Locator => person.page.getByRole('navigation', { name: 'Conversations' });
const row = (person: Person, title: string): Locator =>
  list(person)
    .locator('a.conversation')
    .filter({ has: person.page.locator('.name', { hasText: new RegExp(`^${title}`) }) });
const details = (person: Person): Locator => person.page.getByRole('complementary', { name: 'Details' });
const dialog = (person: Person): Locator => person.page.getByRole('dialog');
const composer = (person: Person): Locator => person.page.getByLabel('Message', { exact: true });

async function choose(person: Person, title: string, item: string): Promise<void> {
  await row(person, title).click({ button: 'right' });
  await person.page.getByRole('menuitem', { name: item, exact: true }).click();
}

async function newGroup(person: Person, name: string, people: readonly string[] = []): Promise<void> {
  await person.page.getByRole('button', { name: 'New conversation' }).first().click();
  await dialog(person).getByRole('button', { name: 'New group' }).click();
  await dialog(person).getByLabel('Group name').fill(name);
  for (const other of people) await dialog(person).getByRole('button', { name: other }).click();
  await dialog(person).getByRole('button', { name: 'Create group' }).click();
  await person.page.getByRole('heading', { level: 1, name }).waitFor();
}

async function settle(person: Person, member: string, item: string): Promise<void> {
  await details(person)
    .getByRole('button', { name: `Actions for ${member}` })
    .click();
  await person.page.getByRole('menuitem', { name: item, exact: true }).click();
}

describe('for oneself', () => {
  it('pins on top and takes it back, by the pointer', async () => {
    await newGroup(ann, 'Garden');
    await choose(ann, 'Bo', 'Pin');
    await list(ann).getByRole('heading', { name: 'Pinned' }).waitFor();
    await expect.poll(() => list(ann).locator('a.conversation').first().textContent()).toContain('Bo');
    await choose(ann, 'Bo', 'Unpin');
    await expect.poll(() => list(ann).getByRole('heading', { name: 'Pinned' }).count()).toBe(0);
  });

  it('opens the menu by Shift+F10 and by its button, goes through it by arrows, and gives the focus back', async () => {
    await row(ann, 'Bo').focus();
    await ann.page.keyboard.press('Shift+F10');
    await ann.page.getByRole('menu', { name: 'Actions for Bo' }).waitFor();
    await ann.page.keyboard.press('Escape');
    await expect.poll(() => row(ann, 'Bo').evaluate((element) => element === document.activeElement)).toBe(true);
    await ann.page.keyboard.press('Shift+F10');
    await ann.page.getByRole('menu').waitFor();
    await ann.page.keyboard.press('ArrowDown');
    await ann.page.keyboard.press('Enter');
    await list(ann).getByRole('heading', { name: 'Pinned' }).waitFor();
    await row(ann, 'Bo').hover();
    await list(ann).getByRole('button', { name: 'Actions for Bo' }).click();
    await ann.page.getByRole('menuitem', { name: 'Unpin' }).click();
    await expect.poll(() => list(ann).getByRole('heading', { name: 'Pinned' }).count()).toBe(0);
  });

  it('mutes for a time and for good: the count is outlined and the title does not count it', async () => {
    await choose(ann, 'Bo', 'Mute for 1 hour');
    await row(ann, 'Bo').getByText('muted').waitFor();
    await bo.say('are you there');
    await row(ann, 'Bo').locator('.count.quiet', { hasText: '1 unread' }).waitFor();
    await expect.poll(() => ann.page.title()).toBe('Garden – Everywire');
    await row(ann, 'Bo').click({ button: 'right' });
    await ann.page.getByRole('menuitem', { name: /^Unmute until \d\d:\d\d$/ }).click();
    await row(ann, 'Bo').locator('.count:not(.quiet)', { hasText: '1 unread' }).waitFor();
    await expect.poll(() => ann.page.title()).toBe('(1) Garden – Everywire');
    await choose(ann, 'Bo', 'Mute until I turn it on');
    await choose(ann, 'Bo', 'Unmute');
    await expect.poll(() => row(ann, 'Bo').getByText('muted').count()).toBe(0);
  });

  it('marks read without opening, and unread by hand', async () => {
    await choose(ann, 'Bo', 'Mark read');
    await expect.poll(() => row(ann, 'Bo').locator('.count').count()).toBe(0);
    await choose(ann, 'Bo', 'Mark unread');
    await row(ann, 'Bo').getByText('marked unread').waitFor();
    await choose(ann, 'Bo', 'Mark read');
    await expect.poll(() => row(ann, 'Bo').locator('.count').count()).toBe(0);
  });

  it('archives, finds in the archive, and takes out again', async () => {
    await choose(ann, 'Bo', 'Archive');
    await expect.poll(() => row(ann, 'Bo').count()).toBe(0);
    await list(ann).getByRole('button', { name: 'Archived conversations (1)' }).click();
    await row(ann, 'Bo').waitFor();
    await bo.say('still there');
    await row(ann, 'Bo').getByText('still there').waitFor();
    await choose(ann, 'Bo', 'Take out of the archive');
    await expect
      .poll(() =>
        list(ann)
          .getByRole('button', { name: /^Archived/ })
          .count(),
      )
      .toBe(0);
  });

  it('clears the history after a question, here and not there', async () => {
    await choose(ann, 'Bo', 'Clear history');
    await dialog(ann).getByRole('button', { name: 'Cancel' }).click();
    await row(ann, 'Bo').click();
    await ann.sees('still there');
    await choose(ann, 'Bo', 'Clear history');
    await dialog(ann).getByRole('button', { name: 'Clear history' }).click();
    await expect.poll(() => ann.texts()).toEqual([]);
    expect(await bo.texts()).toContain('hello Bo');
  });

  it('takes off the list, until somebody writes', async () => {
    await row(ann, 'Garden').click();
    await choose(ann, 'Bo', 'Remove from the list');
    await expect.poll(() => row(ann, 'Bo').count()).toBe(0);
    await bo.say('again');
    await row(ann, 'Bo').getByText('again').waitFor();
  });

  it('keeps notes to oneself, one place for all', async () => {
    for (const _ of [1, 2]) {
      await ann.page.getByRole('button', { name: 'New conversation' }).first().click();
      await dialog(ann).getByRole('button', { name: 'My notes' }).click();
      await ann.page.getByRole('heading', { level: 1, name: 'My notes' }).waitFor();
    }
    await ann.say('buy seeds');
    await ann.sees('buy seeds');
    expect(await row(ann, 'My notes').count()).toBe(1);
  });
});

describe('groups', () => {
  it('members have roles; what a role does not allow is not to be pressed', async () => {
    await newGroup(ann, 'Harbour', ['Bo']);
    await row(bo, 'Harbour').click();
    await details(bo).getByText('Owner', { exact: true }).waitFor();
    await details(bo).getByRole('button', { name: 'Actions for Ann' }).click();
    for (const item of ['Make admin', 'Make read-only', 'Hand over ownership', 'Remove'])
      expect(await bo.page.getByRole('menuitem', { name: item }).getAttribute('aria-disabled'), item).toBe('true');
    await bo.page.keyboard.press('Escape');
    await settle(ann, 'Bo', 'Make read-only');
    await bo.page.getByText('Only admins and members write here; you can read.').waitFor();
    expect(await details(bo).getByRole('button', { name: 'Add', exact: true }).isDisabled()).toBe(true);
    await settle(ann, 'Bo', 'Make admin');
    await composer(bo).waitFor();
    await details(bo).getByText('Admin', { exact: true }).waitFor();
  });

  it('an admin settles who may do what; a member reads it', async () => {
    await details(bo).getByRole('button', { name: 'Manage' }).click();
    await dialog(bo).getByRole('radiogroup', { name: 'Who may write' }).getByRole('radio', { name: 'Admins' }).click();
    await dialog(bo)
      .getByRole('radiogroup', { name: 'Who may write' })
      .getByRole('radio', { name: 'Admins', checked: true })
      .waitFor();
    await dialog(bo).getByLabel('Group name').fill('Old harbour');
    await dialog(bo).getByRole('button', { name: 'Save' }).click();
    await ann.page.getByRole('heading', { level: 1, name: 'Old harbour' }).waitFor();
    await bo.page.keyboard.press('Escape');
    await settle(ann, 'Bo', 'Make member');
    await bo.page.getByText('Only admins write here.').waitFor();
    await details(bo).getByRole('button', { name: 'Manage' }).click();
    await dialog(bo).getByText('Only admins may change this.').waitFor();
    expect(await dialog(bo).getByRole('radio', { name: 'Anyone' }).isDisabled()).toBe(true);
    expect(await dialog(bo).getByRole('button', { name: 'Make a link' }).count()).toBe(0);
    await bo.page.keyboard.press('Escape');
  });

  it('the owner hands over, removes nobody above, and leaves', async () => {
    await settle(ann, 'Bo', 'Hand over ownership');
    await dialog(ann).getByRole('button', { name: 'Hand over ownership' }).click();
    await details(bo).locator('li', { hasText: 'You' }).getByText('Owner', { exact: true }).waitFor();
    await settle(bo, 'Ann', 'Remove');
    await dialog(bo).getByRole('button', { name: 'Remove' }).click();
    await ann.page.locator('.ended', { hasText: 'You were removed from this group' }).waitFor();
    await details(bo).getByRole('button', { name: 'More', exact: true }).click();
    await bo.page.getByRole('menuitem', { name: 'Leave group' }).click();
    await dialog(bo).getByRole('button', { name: 'Leave' }).click();
    await expect.poll(() => bo.page.url()).not.toContain('#/c/');
    await choose(bo, 'Old harbour', 'Remove from the list');
    await expect.poll(() => row(bo, 'Old harbour').count()).toBe(0);
  });

  it('an invitation link has an end and a number of people, leads in, and can be revoked', async () => {
    await row(ann, 'Garden').click();
    await details(ann).getByRole('button', { name: 'Manage' }).click();
    const form = dialog(ann).getByRole('form', { name: 'Invitation links' });
    await form.getByRole('radiogroup', { name: 'People' }).getByRole('radio', { name: '1', exact: true }).click();
    await form.getByRole('button', { name: 'Make a link' }).click();
    const link = (await form.getByText('#join/').textContent()) ?? '';
    await dialog(ann).getByText('Used 0 of 1').waitFor();

    await bo.page.goto(link);
    await dialog(bo).getByText('Garden').waitFor();
    expect(bo.page.url()).not.toContain('join');
    await dialog(bo).getByRole('button', { name: 'Join' }).click();
    await bo.page.getByRole('heading', { level: 1, name: 'Garden' }).waitFor();
    await bo.say('thank you');

    await form.getByRole('button', { name: 'Make a link' }).click();
    await dialog(ann).getByText('Used 0 times').or(dialog(ann).getByText('Used 0 of 1')).first().waitFor();
    await dialog(ann).getByRole('button', { name: 'Revoke' }).last().click();
    await expect.poll(() => dialog(ann).getByRole('button', { name: 'Revoke' }).count()).toBeLessThan(2);
    await ann.page.keyboard.press('Escape');
    await ann.sees('thank you');
  });

  it('a link of no use any more says so', async () => {
    const cy = await Person.arrive(await browser.newContext(view), `${server.url}/#join/1/${'0'.repeat(32)}`, 'Cy');
    await cy.register(dialog(cy));
    await dialog(cy).getByText('It was not found').waitFor();
    await cy.page.context().close();
  });
});

describe('channels', () => {
  it('are made, found by others and read; who reads cannot write', async () => {
    await ann.page.getByRole('button', { name: 'New conversation' }).first().click();
    await dialog(ann).getByRole('button', { name: 'New channel' }).click();
    await dialog(ann).getByLabel('Channel name').fill('Tides');
    await dialog(ann).getByRole('switch', { name: 'Anyone may join' }).click();
    await dialog(ann).getByRole('button', { name: 'Create channel' }).click();
    await ann.page.getByRole('heading', { level: 1, name: 'Tides' }).waitFor();
    await ann.say('high water 11:20');

    await bo.page.getByRole('button', { name: 'New conversation' }).first().click();
    await dialog(bo).getByRole('button', { name: 'Find groups' }).click();
    await dialog(bo).getByLabel('Name or invitation link').fill('tid');
    await dialog(bo).getByRole('button', { name: 'Join Tides' }).click();
    await bo.page.getByRole('heading', { level: 1, name: 'Tides' }).waitFor();
    await bo.page.getByText('Only admins and members write here; you can read.').waitFor();
    await details(bo).getByText('Read-only', { exact: true }).waitFor();
    await ann.say('low water 17:40');
    await bo.sees('low water 17:40');
    await choose(bo, 'Tides', 'Leave channel');
    await dialog(bo).getByRole('button', { name: 'Leave' }).click();
    await details(ann).getByText('1 person reads').waitFor();
  });
});

describe('privacy', () => {
  it('blocks from the details of a conversation, and takes it back in the settings', async () => {
    await row(ann, 'Bo').click();
    await row(bo, 'Ann').click();
    await details(ann).getByRole('button', { name: 'Block' }).click();
    await dialog(ann).getByRole('button', { name: 'Block' }).click();
    await details(ann).getByRole('button', { name: 'Unblock' }).waitFor();
    await ann.page.getByText('You block them; nothing can be sent').waitFor();
    await bo.say('hear me');
    await bo.page.getByText('Not sent: one of you blocks the other').waitFor();
    expect(await details(bo).getByRole('button', { name: 'Unblock' }).count()).toBe(0);
    await ann.page.getByRole('button', { name: 'Settings' }).click();
    await ann.page.getByRole('tab', { name: 'Privacy' }).click();
    await dialog(ann).getByRole('button', { name: 'Unblock Bo' }).click();
    await dialog(ann).getByText('Nobody is blocked.').waitFor();
    await composer(ann).waitFor();
    await bo.page.getByRole('button', { name: 'Retry' }).click();
    await ann.sees('hear me');
  });

  it('reading is told of, or not', async () => {
    const receipts = dialog(ann).getByRole('switch', { name: 'Tell others what I have read' });
    await receipts.click();
    await dialog(ann).getByRole('switch', { name: 'Tell others what I have read', checked: false }).waitFor();
    await ann.page.keyboard.press('Escape');
    await row(ann, 'Garden').click();
    await bo.say('did you see this');
    await row(ann, 'Bo').click();
    await ann.sees('did you see this');
    const receipt = bo.page.locator('article', { hasText: 'did you see this' }).locator('[data-receipt]');
    await expect.poll(() => receipt.getAttribute('data-receipt'), { timeout: 10_000 }).toBe('delivered');
    await ann.page.getByRole('button', { name: 'Settings' }).click();
    await ann.page.getByRole('tab', { name: 'Privacy' }).click();
    await receipts.click();
    await ann.page.keyboard.press('Escape');
    await bo.say('and this');
    await ann.sees('and this');
    await expect.poll(() => receipt.getAttribute('data-receipt'), { timeout: 10_000 }).toBe('read');
  });
});

it('nobody met an error of the page', () => {
  expect([...ann.problems, ...bo.problems]).toEqual([]);
});
