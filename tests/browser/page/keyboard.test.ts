import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openFixture } from './fixture-page.js';

const composer = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true });
const focusedName = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');
const composerHasFocus = (page: Page) => composer(page).evaluate((field) => field === document.activeElement);

/** Opens the page of made-up data, and waits until the composer is there. */
async function openPage(query = '?lang=en'): Promise<Page> {
  const { page } = await openFixture(query);
  await composer(page).waitFor();
  return page;
}

describe('the keyboard', () => {
  test('[item 37] the composer is focused when a conversation opens; arrows move through the list, and Enter opens', async () => {
    const page = await openPage();
    await expect.poll(() => composerHasFocus(page)).toBe(true);
    await page.locator('[data-conversation="13"]').focus();
    await page.keyboard.press('ArrowDown');
    expect(await focusedName(page)).toContain('数据录入');
    await page.keyboard.press('End');
    expect(await focusedName(page)).toContain('نور');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: '林晚' }).waitFor();
    await expect.poll(() => composerHasFocus(page)).toBe(true);
  });

  test('Alt and an arrow open the next conversation, F6 goes through the page, and Ctrl and a slash list the keys', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    const title = () => page.getByRole('heading', { level: 1 }).textContent();
    const first = await title();
    await page.keyboard.press('Alt+ArrowDown');
    await expect.poll(title).not.toBe(first);
    await page.keyboard.press('Alt+ArrowUp');
    await expect.poll(title).toBe(first);
    await expect.poll(() => composerHasFocus(page)).toBe(true);
    const part = () =>
      page.evaluate(() => document.activeElement?.closest('.list, .log, .composer, .details')?.classList[0]);
    const parts: unknown[] = [];
    for (const key of ['F6', 'F6', 'F6', 'F6', 'Shift+F6']) {
      await page.keyboard.press(key);
      parts.push(await part());
    }
    expect(parts).toEqual(['details', 'list', 'log', 'composer', 'log']);
    await page.keyboard.press('Control+/');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByText('Undo the last action').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => composerHasFocus(page)).toBe(true);
  });

  test('[item 36] one message is a tab stop, arrows move through them, and Esc returns to the composer', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage('?view=long&lang=en');
    await page.getByRole('article', { name: /#460/ }).waitFor();
    await expect.poll(() => page.locator('article[tabindex="0"]').count()).toBe(1);
    await page.locator('article[tabindex="0"]').focus();
    expect(await focusedName(page)).toContain('#460');
    for (let step = 0; step < 20; step++) await page.keyboard.press('ArrowUp');
    await expect.poll(() => focusedName(page)).toContain('#440');
    await expect
      .poll(() =>
        page.evaluate(() => {
          const frame = document.querySelector('.log-frame')!.getBoundingClientRect();
          const row = document.activeElement!.getBoundingClientRect();
          return row.top >= frame.top - 1 && row.bottom <= frame.bottom + 1;
        }),
      )
      .toBe(true);
    await page.keyboard.press('End');
    await expect.poll(() => focusedName(page)).toContain('#460');
    await page.keyboard.press('Escape');
    await expect.poll(() => composerHasFocus(page)).toBe(true);
  });

  test('[item 37] text typed while a message is focused goes to the composer', { tags: ['wide'] }, async () => {
    const page = await openPage();
    await page.locator('article[tabindex="0"]').focus();
    await page.keyboard.press('x');
    await expect.poll(() => composer(page).inputValue()).toBe('x');
  });

  test('[item 37] a dialog keeps the focus inside, Esc closes it, and the composer is focused again', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    await page.getByRole('button', { name: 'Settings' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Settings' }).waitFor();
    for (let step = 0; step < 14; step++) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.closest('[role="dialog"]') !== null)).toBe(true);
    }
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => composerHasFocus(page)).toBe(true);
  });

  test('[item 32] Ctrl+K finds a person, Enter opens the conversation', { tags: ['wide'] }, async () => {
    const page = await openPage();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('春香');
    await page
      .getByRole('navigation')
      .getByRole('button', { name: /春香 haruka/ })
      .waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: '春香' }).waitFor();
    await expect.poll(() => composerHasFocus(page)).toBe(true);
  });

  test('[item 37] a group can be created by keyboard alone', { tags: ['wide'] }, async () => {
    const page = await openPage();
    await page.getByRole('button', { name: 'New conversation' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'New conversation' }).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: /Aisha/ }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await page.getByRole('textbox', { name: 'Group name' }).focus();
    await page.keyboard.type('南门');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: '南门' }).waitFor();
  });

  test('[item 37] details opened over the pane close with Esc, and the composer is focused again', {
    tags: ['wide'],
  }, async () => {
    const { page } = await openFixture('?lang=en', { viewport: { width: 1_000, height: 700 } });
    await composer(page).waitFor();
    await page.getByRole('button', { name: 'Show details' }).click();
    await page.getByRole('complementary', { name: 'Details' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('complementary').waitFor({ state: 'detached' });
    await expect.poll(() => composerHasFocus(page)).toBe(true);
  });

  test('[item 37] every control focused by keyboard shows its focus', { tags: ['wide'] }, async () => {
    const page = await openPage();
    const unseen: string[] = [];
    await page.locator('body').focus();
    for (let step = 0; step < 20; step++) {
      await page.keyboard.press('Tab');
      const name = await page.evaluate(() => {
        const element = document.activeElement!;
        if (element === document.body) return null;
        const holder = element.closest('.write, .find, .field') ?? element;
        const shown =
          [element, holder].some((one) => getComputedStyle(one).outlineStyle !== 'none') || holder.matches('.write');
        return shown ? null : (element.getAttribute('aria-label') ?? element.outerHTML.slice(0, 80));
      });
      if (name !== null) unseen.push(name);
    }
    expect(unseen).toEqual([]);
  });
});
