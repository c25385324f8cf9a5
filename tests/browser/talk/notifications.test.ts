/**
 * @module-tag wide: tests of apps/web/src/notifications test what notifies; this is its way through a browser and a
 * real server.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NotifiedTab, watchNotifications } from './notified-tab.js';
import type { Person } from './person.js';
import { composer, dialog, newGroup, row, TwoPeople } from './two-people.js';

/* Ann's page has no focus and shows the list, and Bo writes to her. */

let people: TwoPeople;
let ann: Person;
let bo: Person;
let tab: NotifiedTab;
let origin: string;

beforeAll(async () => {
  people = await TwoPeople.meet();
  ({ ann, bo } = people);
  await newGroup(bo, 'Garden', ['Ann']);
  await boIn('Ann');
  origin = new URL(ann.page.url()).origin;
  await watchNotifications(ann.page.context(), origin);
  await ann.page.goto(`${origin}/`);
  await ann.page.reload();
  tab = new NotifiedTab(ann.page);
  await tab.ready();
});

afterAll(() => people?.end());

/** Opens a second tab of Ann's browser. */
async function anotherTab(): Promise<NotifiedTab> {
  const page = await ann.page.context().newPage();
  await page.goto(origin);
  const other = new NotifiedTab(page);
  await other.ready();
  return other;
}

/** Opens the conversation in Bo's page. */
async function boIn(title: string): Promise<void> {
  await row(bo, title).click();
  // The composer of the previous conversation stays until this one is there.
  await bo.page.getByRole('heading', { level: 1, name: title }).waitFor();
}

/** Returns the notifications shown by any of these tabs. */
async function shownBy(...tabs: readonly NotifiedTab[]): Promise<readonly string[]> {
  return (await Promise.all(tabs.map((one) => one.standing()))).flat();
}

/** Lets Ann read Bo's messages and look away again. */
async function readAll(): Promise<void> {
  await tab.look(true);
  await row(ann, 'Bo').click();
  await expect.poll(() => row(ann, 'Bo').locator('.count').count()).toBe(0);
  await tab.look(false);
  await ann.page.goto(`${origin}/#`);
}

describe('one tab', () => {
  it('[item 30] a message notifies, and a click on the notification leads to it', async () => {
    await bo.say('are you **there**');
    await expect.poll(() => tab.standing()).toEqual(['Bo | are you there']);
    await tab.look(true);
    await tab.click();
    await ann.sees('are you there');
    await expect.poll(() => tab.standing()).toEqual([]);
    await expect.poll(() => row(ann, 'Bo').locator('.count').count()).toBe(0);
    await readAll();
  });

  it('a message does not notify while the page is focused', async () => {
    await tab.look(true);
    const before = (await tab.shownTexts()).length;
    await bo.say('you are there');
    await row(ann, 'Bo').locator('.count', { hasText: '1 unread' }).waitFor();
    await tab.look(false);
    await bo.say('you are away');
    await expect.poll(() => tab.standing()).toEqual(['Bo (2) | you are away']);
    expect((await tab.shownTexts()).slice(before)).toEqual(['Bo (2) | you are away']);
    await readAll();
  });

  it("[item 29] the tab's icon has a dot, and loses it when the message was read", async () => {
    expect(await tab.icon()).toBe('/icon.svg');
    await bo.say('a dot');
    await expect.poll(() => tab.icon()).toBe('/icon-unread.svg');
    await expect.poll(() => ann.page.title()).toBe('(1) Everywire');
    expect((await ann.page.request.get(`${origin}/icon-unread.svg`)).headers()['content-type']).toContain('svg');
    await readAll();
    await expect.poll(() => tab.icon()).toBe('/icon.svg');
  });

  it('[item 30] a recalled message withdraws its notification', async () => {
    await bo.say('not for you');
    await expect.poll(() => tab.standing()).toEqual(['Bo | not for you']);
    await bo.page.locator('article', { hasText: 'not for you' }).click({ button: 'right' });
    await bo.page.getByRole('menuitem', { name: 'Delete for everyone' }).click();
    await expect.poll(() => tab.standing()).toEqual([]);
    await readAll();
  });

  it('[item 30] a notification is closed when the message is read on another device', async () => {
    const phone = await people.arrive('Ann');
    await phone.signIn();
    await bo.say('read it anywhere');
    await expect.poll(() => tab.standing()).toEqual(['Bo | read it anywhere']);
    await phone.openConversation('Bo');
    await phone.sees('read it anywhere');
    await expect.poll(() => tab.standing()).toEqual([]);
    expect(await tab.icon()).toBe('/icon.svg');
    await phone.page.context().close();
  });
});

describe('the rule of a conversation', () => {
  it('[CH-41.2] the notification rule of a conversation is chosen in its menu by keyboard, applies on all devices, and is undone', async () => {
    const phone = await people.arrive('Ann');
    await phone.signIn();
    const chosen = async (person: Person) => {
      await row(person, 'Garden').focus();
      await person.page.keyboard.press('Shift+F10');
      const name = await person.page.getByRole('menuitemradio', { checked: true }).textContent();
      await person.page.keyboard.press('Escape');
      return name;
    };
    expect(await chosen(ann)).toBe('Mentions only');
    await row(ann, 'Garden').focus();
    await ann.page.keyboard.press('Shift+F10');
    await ann.page.getByRole('menu').waitFor();
    const all = ann.page.getByRole('menuitemradio', { name: 'All messages' });
    while (!(await all.evaluate((item) => item === document.activeElement))) await ann.page.keyboard.press('ArrowDown');
    await ann.page.keyboard.press('Enter');
    await ann.page.getByText('“Garden” notifies you of all messages').waitFor();
    await expect.poll(() => chosen(phone)).toBe('All messages');
    await boIn('Garden');
    await bo.say('to everybody');
    await expect.poll(() => tab.standing()).toEqual(['Garden | Bo: to everybody']);
    await row(ann, 'Garden').focus();
    await ann.page.keyboard.press('Control+z');
    await expect.poll(() => tab.standing()).toEqual([]);
    await expect.poll(() => chosen(phone)).toBe('Mentions only');
    await phone.page.context().close();
  });

  it('a group notifies of messages that mention the user', async () => {
    const before = (await tab.shownTexts()).length;
    await bo.say('to nobody');
    await composer(bo).fill('@An');
    await bo.page.getByRole('option', { name: /Ann/ }).click();
    await bo.page.keyboard.type('come here');
    await bo.page.keyboard.press('Enter');
    await expect.poll(() => tab.standing()).toEqual([expect.stringMatching(/^Garden \| Bo: @Ann come here$/)]);
    expect(await tab.shownTexts()).toHaveLength(before + 1);
    await tab.look(true);
    await row(ann, 'Garden').click();
    await expect.poll(() => tab.standing()).toEqual([]);
    await tab.look(false);
    await ann.page.goto(`${origin}/#`);
    await boIn('Ann');
  });
});

describe('several tabs', () => {
  it('[item 28] of two tabs one notifies, and none while one of them is focused', async () => {
    const other = await anotherTab();
    await bo.say('one of you');
    await expect.poll(() => shownBy(tab, other)).toEqual(['Bo | one of you']);
    await other.look(true);
    await bo.say('I see it');
    await row(ann, 'Bo').locator('.count', { hasText: '2 unread' }).waitFor();
    await other.look(false);
    await bo.say('and this');
    await expect.poll(() => shownBy(tab, other)).toEqual(['Bo (3) | and this']);
    expect(
      [...(await tab.shownTexts()), ...(await other.shownTexts())].filter((text) => text.includes('I see it')),
    ).toEqual([]);
    await other.page.close();
    await readAll();
  });

  it('[item 28] when the notifying tab is closed, another one notifies', async () => {
    // The first tab holds the lock; a new page waits for it.
    const other = await anotherTab();
    await ann.page.goto('about:blank');
    await bo.say('who is left');
    await expect.poll(() => other.standing()).toEqual(['Bo | who is left']);
    await ann.page.goto(origin);
    await tab.ready();
    await other.page.close();
    await bo.say('still here');
    await expect.poll(() => tab.standing()).toEqual(['Bo (2) | still here']);
    await readAll();
  });
});

describe('the settings', () => {
  const open = async (): Promise<void> => {
    await ann.page.getByRole('button', { name: 'Settings' }).click();
    await ann.page.getByRole('tab', { name: 'Notifications' }).click();
  };

  it('the settings show that notifications work, show a test, and hide the text', async () => {
    await open();
    await dialog(ann).getByText('You’re notified of new messages while').waitFor();
    await dialog(ann).getByRole('button', { name: 'Send a test' }).click();
    await dialog(ann).getByText('The browser showed it.').waitFor();
    expect(await tab.standing()).toEqual(['This is a test | New messages look like this.']);
    await dialog(ann).getByRole('switch', { name: 'Show message text' }).click();
    await ann.page.keyboard.press('Escape');
    await bo.say('a secret');
    await expect.poll(() => tab.standing()).toEqual(['Bo | 1 new message']);
    await readAll();
  });

  it('[item 30] a message that could not notify makes the list offer it, and the browser asks for permission after a click', async () => {
    // Headless Chromium never asks for permission: its answer is simulated here.
    await ann.page.evaluate(() => {
      const asked: string[] = [];
      let permission: NotificationPermission = 'default';
      Object.defineProperty(Notification, 'permission', { get: () => permission });
      Notification.requestPermission = async () => {
        asked.push('asked');
        permission = 'granted';
        return permission;
      };
      Object.assign(window, { asked });
    });
    const asked = () => ann.page.evaluate(() => (window as unknown as { asked: string[] }).asked.length);
    await bo.say('you missed this');
    const offer = ann.page.getByRole('region', { name: 'Notifications' });
    await offer.getByText('You received a message while you were away.').waitFor();
    expect([await asked(), await tab.standing()]).toEqual([0, []]);
    await offer.getByRole('button', { name: 'Turn on' }).click();
    await expect.poll(() => offer.count()).toBe(0);
    expect(await asked()).toBe(1);
    await bo.say('and you get this');
    await expect.poll(() => tab.standing()).toEqual(['Bo (2) | 2 new messages']);
  });

  it('signing out closes the notifications', async () => {
    expect(await tab.standing()).toHaveLength(1);
    await open();
    await ann.page.getByRole('tab', { name: 'Account' }).click();
    await dialog(ann).getByRole('button', { name: 'Sign out', exact: true }).click();
    await ann.page.getByRole('button', { name: 'Create an account' }).waitFor();
    await expect.poll(() => tab.standing()).toEqual([]);
    expect(await tab.icon()).toBe('/icon.svg');
    expect(ann.problems).toEqual([]);
  });
});
