import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openFixture } from './fixture-page.js';

const found = (page: Page) => page.getByRole('region', { name: 'Messages', exact: true });
const focusedText = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? '');
/** Returns the last call of the page on its made-up client. */
const lastCall = (page: Page) =>
  page.evaluate(() => (Reflect.get(window, 'fixture') as { readonly calls: readonly string[] }).calls.at(-1));

describe('[item 33] searching', () => {
  test('the search is reached by keyboard, highlights matches, and leads to the message', async () => {
    const { page } = await openFixture('?lang=en');
    await page.locator('.find input').waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('狮子');
    await found(page).locator('mark').first().waitFor();
    expect(await found(page).locator('mark').first().textContent()).toBe('狮子');
    await found(page).locator('button.conversation').first().click();
    await page.waitForFunction(() => /^#\/c\/\d+/.test(location.hash));
  });

  test('a search without results shows so in Chinese', { tags: ['wide'] }, async () => {
    const { page } = await openFixture('?lang=zh');
    await page.locator('.find input').fill('zzz');
    await page.getByText('没有消息包含“zzz”，换个关键词试试。').waitFor();
  });

  test('a result in a conversation that the list has not loaded opens it at the message', {
    tags: ['wide'],
  }, async () => {
    const { page, problems } = await openFixture('?lang=en');
    await page.locator('.find input').fill('狮子');
    await found(page).locator('button.conversation').nth(3).click();
    await page.getByRole('region', { name: '旧滩涂 Old mudflats', exact: true }).waitFor();
    await page.locator('[data-key="m90000"]').waitFor();
    await expect.poll(() => page.evaluate(() => location.hash)).toBe('#/c/900');
    expect(problems).toEqual([]);
  });

  test('conversations that the list has not loaded are found by name, by keyboard alone', {
    tags: ['wide'],
  }, async () => {
    const { page } = await openFixture('?lang=en');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('mudflats');
    await page.getByRole('region', { name: 'Older conversations' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => focusedText(page)).toContain('旧滩涂 Old mudflats');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '旧滩涂 Old mudflats' }).first().waitFor();
  });

  test('a search shows results while it continues, and can be stopped', { tags: ['wide'] }, async () => {
    const { page } = await openFixture('?lang=en');
    await page.locator('.find input').fill('slow');
    await page.getByText(/Searching older messages… reached .+/).waitFor();
    expect(await found(page).locator('button.conversation').count()).toBe(1);
    await page.getByRole('button', { name: 'Stop searching' }).click();
    await page.getByText(/Searched back to/).waitFor();
    await page.getByRole('button', { name: 'Search older messages' }).waitFor();
    expect(await found(page).locator('button.conversation').count()).toBe(1);
  });

  test('a search covers only the open conversation, from its header or by keyboard, and everything again', {
    tags: ['wide'],
  }, async () => {
    const { page } = await openFixture('?lang=en');
    await page.getByRole('button', { name: 'Search in this conversation' }).click();
    const field = page.locator('.find input');
    await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.type('狮子');
    await expect.poll(() => lastCall(page)).toBe('search 狮子 13');
    await expect.poll(() => found(page).locator('button.conversation').count()).toBe(1);
    // Esc empties the field, then widens the search.
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.keyboard.type('狮子');
    await expect.poll(() => lastCall(page)).toBe('search 狮子 everywhere');
    await page.keyboard.press('Control+k');
    await expect.poll(() => lastCall(page)).toBe('search 狮子 13');
    await page.keyboard.press('Control+k');
    await expect.poll(() => lastCall(page)).toBe('search 狮子 everywhere');
  });

  test('a conversation is searched from its menu, on a phone too', { tags: ['wide'] }, async () => {
    const { page } = await openFixture('?lang=en&open=0', { viewport: { width: 390, height: 844 } });
    await page.locator('.list .conversation').first().click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Search in this conversation' }).click();
    await page.locator('.find-within').waitFor();
    await page.locator('.find input').fill('狮子');
    await expect.poll(() => found(page).locator('button.conversation').count()).toBe(1);
    await page.locator('.find-within').click();
    await expect.poll(() => found(page).locator('button.conversation').count()).toBe(4);
  });
});
