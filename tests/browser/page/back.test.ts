import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openFixture } from './fixture-page.js';

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };
const hash = (page: Page) => new URL(page.url()).hash;
const layers = (page: Page) => page.evaluate(() => (history.state as { readonly layers?: number } | null)?.layers ?? 0);

/** Opens the list, then a group from it. */
async function openedGroup(options: object = phone): Promise<Page> {
  const { page } = await openFixture('?lang=en&open=0', options);
  await page.locator('[data-conversation="13"]').click();
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  return page;
}

describe('Back', () => {
  test('Back on a phone steps through dialog, details, conversation and list', async () => {
    const page = await openedGroup();
    await page.getByRole('button', { name: 'Show details' }).click();
    const details = page.getByRole('complementary', { name: 'Details' });
    await details.waitFor();
    await page.getByRole('button', { name: 'Add people', exact: true }).click();
    await page.getByRole('dialog').waitFor();
    await expect.poll(() => layers(page)).toBe(2);
    await page.goBack();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await details.isVisible()).toBe(true);
    await page.goBack();
    await details.waitFor({ state: 'detached' });
    expect(hash(page)).toBe('#/c/13');
    await page.goBack();
    await expect.poll(() => page.locator('[data-pane="list"]').count()).toBe(1);
    expect(hash(page)).toBe('');
  });

  test('Back closes the settings, a menu and the new-conversation dialog, and stays on the site', {
    tags: ['wide'],
  }, async () => {
    const { page } = await openFixture('?lang=en&open=0', phone);
    const address = page.url();
    for (const name of ['Settings', 'New conversation']) {
      await page.getByRole('button', { name }).click();
      await page.getByRole('dialog', { name }).waitFor();
      await expect.poll(() => layers(page)).toBe(1);
      await page.goBack();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      expect(page.url()).toBe(address);
    }
    await page.locator('[data-conversation="13"]').click({ button: 'right' });
    await page.getByRole('menu').waitFor();
    await expect.poll(() => layers(page)).toBe(1);
    await page.goBack();
    await page.getByRole('menu').waitFor({ state: 'detached' });
    expect(page.url()).toBe(address);
  });

  test('Back closes a dialog next to the conversation on a wide screen too', { tags: ['wide'] }, async () => {
    const page = await openedGroup({});
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('dialog').waitFor();
    await expect.poll(() => layers(page)).toBe(1);
    await page.goBack();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(hash(page)).toBe('#/c/13');
  });

  test('Back after a dialog was closed by Escape leads where it led before, and Forward opens nothing', {
    tags: ['wide'],
  }, async () => {
    const page = await openedGroup();
    await page.getByRole('button', { name: 'Show details' }).click();
    await expect.poll(() => layers(page)).toBe(1);
    await page.keyboard.press('Escape');
    await expect.poll(() => layers(page)).toBe(0);
    await page.evaluate(() => history.forward());
    await expect.poll(() => layers(page)).toBe(0);
    expect([hash(page), await page.getByRole('complementary').count()]).toEqual(['#/c/13', 0]);
    await page.goBack();
    await expect.poll(() => hash(page)).toBe('');
  });

  test('Back from a conversation opened by a dialog leads to the list', { tags: ['wide'] }, async () => {
    const { page } = await openFixture('?lang=en&open=0', phone);
    await page.getByRole('button', { name: 'New conversation' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'My notes' }).click();
    await expect.poll(() => hash(page)).toMatch(/^#\/c\/\d+$/);
    await page.goBack();
    await expect.poll(() => page.locator('[data-pane="list"]').count()).toBe(1);
    expect(hash(page)).toBe('');
  });

  test('Back ends a search over the list, and leads from a found conversation to the search', {
    tags: ['wide'],
  }, async () => {
    const { page } = await openFixture('?lang=en&open=0', phone);
    const address = page.url();
    const find = page.getByRole('textbox', { name: 'Search conversations, people and messages' });
    await find.fill('数据');
    await expect.poll(() => layers(page)).toBe(1);
    await page.goBack();
    await expect.poll(() => find.inputValue()).toBe('');
    expect(page.url()).toBe(address);
    await find.fill('数据');
    await expect.poll(() => layers(page)).toBe(1);
    await page.getByRole('navigation').locator('.conversation').first().click();
    await expect.poll(() => hash(page)).not.toBe('');
    await expect.poll(() => layers(page)).toBe(0);
    await page.goBack();
    await expect.poll(() => page.locator('[data-pane="list"]').count()).toBe(1);
    expect([page.url(), await find.inputValue()]).toEqual([address, '数据']);
  });

  test('Back from a person opened from a group leads to the group, and then to the list', {
    tags: ['wide'],
  }, async () => {
    const page = await openedGroup();
    await page.getByRole('button', { name: 'Show details' }).click();
    await page.getByRole('list', { name: 'Members' }).locator('[data-member] .person-name').first().click();
    await page.getByRole('dialog', { name: 'Profile' }).getByRole('button', { name: 'Message', exact: true }).click();
    await expect.poll(() => hash(page)).not.toBe('#/c/13');
    await page.goBack();
    await expect.poll(() => hash(page)).toBe('#/c/13');
    await page.goBack();
    await expect.poll(() => hash(page)).toBe('');
  });

  test('Back after a reload with an open layer leads out of the conversation', { tags: ['wide'] }, async () => {
    const page = await openedGroup();
    await page.getByRole('button', { name: 'Show details' }).click();
    await expect.poll(() => layers(page)).toBe(1);
    await page.reload();
    await page.getByRole('button', { name: 'Show details' }).waitFor();
    await expect.poll(() => layers(page)).toBe(0);
    expect(hash(page)).toBe('#/c/13');
    await page.goBack();
    await expect.poll(() => hash(page)).toBe('');
  });
});
