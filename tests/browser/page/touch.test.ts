import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openFixture } from './fixture-page.js';
import { longPress } from './long-press.js';
import { untilStill } from './message-list.js';

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** Returns whether the menu is open after the release: two frames and a task later. */
async function menuIsOpen(page: Page): Promise<boolean> {
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))),
  );
  return page.getByRole('menu').isVisible();
}

const smallest = (page: Page, selector: string) =>
  page
    .locator(selector)
    .evaluateAll((all) =>
      Math.min(...all.map((one) => one.getBoundingClientRect()).flatMap(({ width, height }) => [width, height])),
    );

describe('a long press', () => {
  test('a long press on a message opens its menu, which stays on release; nothing is selected and nothing covers the text', async () => {
    const { page } = await openFixture('?view=rich&lang=en', phone);
    await untilStill(page);
    const row = page.locator('[data-key="m9"]');
    await longPress(page, row.locator('.bubble'));
    expect(await menuIsOpen(page)).toBe(true);
    expect(await page.evaluate(() => String(getSelection()))).toBe('');
    expect(await smallest(page, '.menu [role="menuitem"]')).toBeGreaterThanOrEqual(44);
    await page.getByRole('menuitem', { name: 'Reply', exact: true }).tap();
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await page.locator('.composer .mode').waitFor();
  });

  test('a long press on a row of the list opens its menu, which stays on release, and opens no conversation', {
    tags: ['wide'],
  }, async () => {
    const { page } = await openFixture('?lang=en&open=0', phone);
    await longPress(page, page.locator('[data-conversation="13"]'));
    expect(await menuIsOpen(page)).toBe(true);
    expect(new URL(page.url()).hash).toBe('');
    await page.getByRole('menuitem', { name: 'Archive', exact: true }).waitFor();
  });

  test('a long press leads to the text of the message, of which a part can be selected', {
    tags: ['wide'],
  }, async () => {
    const { page } = await openFixture('?view=rich&lang=en', phone);
    await untilStill(page);
    const selected = () => page.evaluate(() => String(getSelection()));
    const bubble = page.locator('[data-key="m9"] .bubble');
    await bubble.dblclick();
    expect(await selected()).toBe('');
    await longPress(page, bubble);
    await page.getByRole('menuitem', { name: 'Select text', exact: true }).tap();
    const text = page.getByRole('dialog', { name: 'Select text' }).getByText('核对完了');
    // Chromium selects by a long press only on Android, and by a double click everywhere.
    await text.dblclick();
    expect('核对完了').toContain((await selected()).trim() || 'nothing');
    await page.getByRole('button', { name: 'Close' }).tap();
    await text.waitFor({ state: 'detached' });
  });

  test('a tap on a message does not cover its text with tools', { tags: ['wide'] }, async () => {
    const { page } = await openFixture('?view=rich&lang=en', phone);
    const row = page.locator('[data-key="m9"]');
    await row.locator('.bubble').tap();
    await row.getByRole('button', { name: 'More actions' }).waitFor({ state: 'attached' });
    expect(await row.locator('.tools').evaluate((tools) => getComputedStyle(tools).clipPath)).not.toBe('none');
  });
});
