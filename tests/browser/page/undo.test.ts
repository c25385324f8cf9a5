import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openFixture } from './fixture-page.js';

const tomas = 102;
const row = (page: Page) => page.locator(`a[data-conversation="${tomas}"]`);
const snack = (page: Page) => page.locator('.snack');
const entry = (page: Page) =>
  page.evaluate((id) => {
    const { conversations } = window.fixture.getSnapshot();
    const found = conversations.find((each) => each.id === id);
    return found === undefined ? null : { place: found.place, muted: found.mutedUntil !== 0, marked: found.marked };
  }, tomas);

/** Opens the page of made-up data, and waits until the conversation of the test is listed. */
async function openPage(): Promise<Page> {
  const { page } = await openFixture('?lang=en');
  await row(page).waitFor();
  return page;
}

/** Chooses an item of the menu of the conversation. */
async function choose(page: Page, item: string): Promise<void> {
  await row(page).click({ button: 'right' });
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

describe('[item 44] actions on a conversation', () => {
  test('an action is confirmed, and undone by its button or by Ctrl+Z, and the focus stays in the list', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    await choose(page, 'Archive');
    await snack(page).getByRole('status').getByText('Archived “Tomás Reyes”').waitFor();
    expect(await entry(page)).toMatchObject({ place: 'archived' });
    await snack(page).getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => entry(page)).toMatchObject({ place: 'normal' });
    await expect.poll(() => row(page).evaluate((one) => one === document.activeElement)).toBe(true);
    await choose(page, 'Pin');
    await choose(page, 'Mute for 8 hours');
    await snack(page).getByText('Muted “Tomás Reyes”').waitFor();
    await page.keyboard.press('Control+z');
    // Only the last action is undone: the conversation stays pinned.
    await expect.poll(() => entry(page)).toMatchObject({ place: 'pinned', muted: false });
    await expect.poll(() => snack(page).getByRole('button').count()).toBe(0);
    await choose(page, 'Mark as read');
    await snack(page).getByRole('button', { name: 'Undo' }).press('Enter');
    await expect.poll(() => entry(page)).toMatchObject({ marked: true });
  });

  test('the focus stays on the page, where Ctrl+Z (Mac: ⌘Z) undoes, also in an empty field', async () => {
    const page = await openPage();
    await row(page).focus();
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Archive', exact: true }).press('Enter');
    await row(page).waitFor({ state: 'detached' });
    const focused = () => page.evaluate(() => document.activeElement?.tagName ?? '');
    await expect.poll(focused).not.toBe('BODY');
    await page.getByLabel('Message', { exact: true }).focus();
    await page.keyboard.press('Control+z');
    await expect.poll(() => entry(page)).toMatchObject({ place: 'normal' });
    await expect.poll(() => row(page).evaluate((one) => one === document.activeElement)).toBe(true);
    await choose(page, 'Archive');
    await snack(page).getByRole('button', { name: 'Undo' }).press('Escape');
    await expect.poll(() => snack(page).getByRole('button').count()).toBe(0);
    expect(await focused()).toBe('TEXTAREA');
  });

  test('a menu replaced by the next one leaves it the focus', { tags: ['wide'] }, async () => {
    const page = await openPage();
    const other = page.locator('a[data-conversation="101"]');
    await other.click({ button: 'right', position: { x: 200, y: 20 } });
    await page.getByRole('menu').waitFor();
    await row(page).click({ button: 'right', position: { x: 20, y: 20 } });
    await page.evaluate(() => new Promise((done) => setTimeout(done)));
    const focused = () => page.evaluate(() => document.activeElement?.closest('[role="menu"]') !== null);
    expect([await page.getByRole('menu').count(), await focused()]).toEqual([1, true]);
    await page.keyboard.press('Escape');
    await expect.poll(() => row(page).evaluate((one) => one === document.activeElement)).toBe(true);
  });

  test('Ctrl+Z in a field with text belongs to the field', { tags: ['wide'] }, async () => {
    const page = await openPage();
    await choose(page, 'Pin');
    await snack(page).getByText('Pinned').waitFor();
    await page.getByRole('textbox', { name: 'Message', exact: true }).focus();
    await page.keyboard.type('half');
    await page.keyboard.press('Control+z');
    await page.getByRole('textbox', { name: 'Message', exact: true }).press('a');
    expect(await entry(page)).toMatchObject({ place: 'pinned' });
  });

  test('removing a conversation from the list is sent only once it can no longer be undone', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    await page.clock.install();
    await choose(page, 'Hide until the next message');
    await expect.poll(() => row(page).count()).toBe(0);
    expect(await entry(page)).toMatchObject({ place: 'normal' });
    await snack(page).getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => row(page).count()).toBe(1);
    await choose(page, 'Hide until the next message');
    await expect.poll(() => row(page).count()).toBe(0);
    // A new message brings the conversation back, for good.
    await page.evaluate((id) => window.fixture.receive(id, 'wait'), tomas);
    await row(page).waitFor();
    await choose(page, 'Pin');
    await expect.poll(() => entry(page)).toMatchObject({ place: 'pinned' });
    await choose(page, 'Hide until the next message');
    await expect.poll(() => row(page).count()).toBe(0);
    await page.mouse.move(700, 300);
    await page.clock.runFor(8_100);
    await expect.poll(() => entry(page)).toBeNull();
    expect(await row(page).count()).toBe(0);
  });
});
