import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openFixture } from './fixture-page.js';
import { longPress } from './long-press.js';
import { untilStill } from './message-list.js';

const row = (page: Page, key: string) => page.locator(`[data-key="${key}"]`);
const bar = (page: Page) => page.getByRole('toolbar', { name: 'Selected messages' });
const box = (page: Page, key: string) => row(page, key).getByRole('checkbox');
/** Returns the calls with this name that the page has made on the conversation, with their arguments. */
const callsOf = (page: Page, name: string) =>
  page.evaluate((wanted) => window.fixture.timelines.get(13)!.calls.filter((call) => call.startsWith(wanted)), name);

/** Opens the page of made-up data, and waits until its messages stand still. */
async function openPage(options: BrowserContextOptions = {}): Promise<Page> {
  const { page } = await openFixture('?view=rich&lang=en', options);
  await row(page, 'm9').waitFor();
  // A list that still moves takes a message from under the pointer.
  await untilStill(page);
  // On a page with a keyboard the composer is focused once everything has loaded.
  if (options.hasTouch !== true) await page.locator('[data-composer]:focus').waitFor();
  return page;
}

/** Selects the first message, as by keyboard. */
async function select(page: Page, key: string): Promise<void> {
  await row(page, key).focus();
  await row(page, key).getByRole('button', { name: 'More actions' }).press('Enter');
  await page.getByRole('menuitem', { name: 'Select', exact: true }).click();
  await bar(page).waitFor();
  await untilStill(page);
}

/** Scrolls a row into view before a click: rows that come into view are measured, and move others. */
async function toView(page: Page, key: string): Promise<void> {
  await row(page, key).scrollIntoViewIfNeeded();
  await untilStill(page);
}

describe('several messages', () => {
  test('[item 43] several messages are selected by pointer and forwarded together, in their order', async () => {
    const page = await openPage();
    await select(page, 'm9');
    // A link and a picture of a message that is being selected are not followed.
    await toView(page, 'm4');
    await row(page, 'm4').locator('.slip').click();
    await expect.poll(() => bar(page).getByRole('status').textContent()).toBe('2 selected');
    await toView(page, 'm3');
    await row(page, 'm3').click({ position: { x: 5, y: 20 } });
    await expect.poll(() => bar(page).getByRole('status').textContent()).toBe('3 selected');
    expect(page.context().pages()).toHaveLength(1);
    await bar(page).getByRole('button', { name: 'Forward' }).click();
    const dialog = page.getByRole('dialog', { name: 'Forward' });
    await dialog.getByRole('button', { name: /Data desk/ }).click();
    await dialog.getByRole('button', { name: /Wader ID help/ }).click();
    await dialog.getByRole('button', { name: 'Forward to 2 conversations' }).click();
    await expect.poll(() => callsOf(page, 'forward')).toEqual(['forward m3,m4,m9 to 15,27']);
    await expect.poll(() => bar(page).count()).toBe(0);
  });

  test('several messages are selected by keyboard: space, and arrows with Shift; Esc ends the selection and restores the caret', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    await page.getByRole('textbox', { name: 'Message', exact: true }).fill('half a thought');
    await row(page, 'm4').focus();
    await page.keyboard.press('Shift+ArrowUp');
    await expect.poll(() => bar(page).getByRole('status').textContent()).toBe('2 selected');
    await expect.poll(() => row(page, 'm3').evaluate((one) => one === document.activeElement)).toBe(true);
    await page.keyboard.press(' ');
    expect(await box(page, 'm3').isChecked()).toBe(false);
    expect(await box(page, 'm4').isChecked()).toBe(true);
    await page.keyboard.press('Escape');
    await expect.poll(() => bar(page).count()).toBe(0);
    const composer = page.getByRole('textbox', { name: 'Message', exact: true });
    await expect.poll(() => composer.evaluate((field) => field === document.activeElement)).toBe(true);
    expect(await composer.inputValue()).toBe('half a thought');
  });

  test('a range of messages is selected with Shift, and deleted for oneself after a confirmation that counts them', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    await select(page, 'm3');
    await row(page, 'm6').click({ modifiers: ['Shift'], position: { x: 5, y: 20 } });
    await expect.poll(() => bar(page).getByRole('status').textContent()).toBe('4 selected');
    await bar(page).getByRole('button', { name: 'Delete for me' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete 4 messages for me?' });
    expect(await callsOf(page, 'hide')).toEqual([]);
    await dialog.getByRole('button', { name: 'Delete for me' }).click();
    await expect.poll(() => callsOf(page, 'hide')).toEqual(['hide m3,m4,m5,m6']);
    await expect.poll(() => bar(page).count()).toBe(0);
  });

  test('a message selected first by pointer is focused, and Esc ends the selection, even without a focus', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    const pickByPointer = async () => {
      await row(page, 'm9').locator('.bubble').hover();
      await row(page, 'm9').getByRole('button', { name: 'More actions' }).click();
      await page.getByRole('menuitem', { name: 'Select', exact: true }).click();
      await bar(page).waitFor();
    };
    await pickByPointer();
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-key'))).toBe('m9');
    await page.keyboard.press('Escape');
    await expect.poll(() => bar(page).count()).toBe(0);
    await pickByPointer();
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.keyboard.press('Escape');
    await expect.poll(() => bar(page).count()).toBe(0);
  });

  test('several messages are selected by touch on a phone', { tags: ['wide'] }, async () => {
    const page = await openPage({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await longPress(page, row(page, 'm9').locator('.bubble'));
    await page.getByRole('menuitem', { name: 'Select', exact: true }).tap();
    await row(page, 'm5').tap();
    await expect.poll(() => bar(page).getByRole('status').textContent()).toBe('2 selected');
    expect(await box(page, 'm5').isChecked()).toBe(true);
    await row(page, 'm5').tap();
    await expect.poll(() => bar(page).getByRole('status').textContent()).toBe('1 selected');
    await bar(page).getByRole('button', { name: 'Cancel selection' }).tap();
    await expect.poll(() => bar(page).count()).toBe(0);
  });
});
