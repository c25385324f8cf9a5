import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openFixture } from './fixture-page.js';
import { scroller, untilStill, wheel } from './message-list.js';

async function openLong(): Promise<Page> {
  const { page } = await openFixture('?view=long&lang=en');
  await page.getByRole('article', { name: /#460/ }).waitFor();
  await untilStill(page);
  return page;
}

const composer = (page: Page) => page.getByLabel('Message', { exact: true });
const distanceToEnd = (page: Page): Promise<number> =>
  page.locator(scroller).evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);
const isInComposer = (page: Page): Promise<boolean> =>
  composer(page).evaluate((field) => document.activeElement === field);

describe('the end of the messages', () => {
  test('a message sent while scrolled far up brings the list to its end', { tags: ['wide'] }, async () => {
    const page = await openLong();
    await wheel(page, -1_500);
    expect(await distanceToEnd(page)).toBeGreaterThan(900);
    await composer(page).fill('said from above');
    await composer(page).press('Enter');
    await page.getByRole('article', { name: /said from above/ }).waitFor();
    await expect.poll(() => distanceToEnd(page)).toBeLessThanOrEqual(4);
  });

  test('the button to the end appears even just above it, and Enter on it leaves the focus in the field', async () => {
    const page = await openLong();
    await wheel(page, -200);
    const toLatest = page.getByRole('button', { name: 'Jump to the latest message' });
    await toLatest.focus();
    await page.keyboard.press('Enter');
    await toLatest.waitFor({ state: 'detached' });
    await expect.poll(() => distanceToEnd(page)).toBeLessThanOrEqual(4);
    await expect.poll(() => isInComposer(page)).toBe(true);
  });
});

describe('keys that scroll', () => {
  test('keys that scroll do so from an empty field, and edit the text in a filled one', async () => {
    const page = await openLong();
    await composer(page).focus();
    await page.keyboard.press('PageUp');
    await expect.poll(() => distanceToEnd(page)).toBeGreaterThan(300);
    const above = await distanceToEnd(page);
    await page.keyboard.press('PageUp');
    await expect.poll(() => distanceToEnd(page)).toBeGreaterThan(above + 300);
    await page.keyboard.press('End');
    await expect.poll(() => distanceToEnd(page)).toBeLessThanOrEqual(4);
    await page.keyboard.type('terns');
    await page.keyboard.press('Home');
    await page.keyboard.type('two ');
    expect([await composer(page).inputValue(), await isInComposer(page)]).toEqual(['two terns', true]);
    expect(await distanceToEnd(page)).toBeLessThanOrEqual(4);
  });

  test('keys that scroll move the focus by a page within the messages, and it stays visible', {
    tags: ['wide'],
  }, async () => {
    const page = await openLong();
    await page.locator('article[data-key="m460"]').focus();
    const seen: string[] = [];
    for (let step = 0; step < 4; step++) {
      await page.keyboard.press('PageUp');
      await expect.poll(() => focusedKey(page)).not.toBe(seen.at(-1) ?? 'm460');
      seen.push(await focusedKey(page));
      await expect.poll(() => isFocusInView(page)).toBe(true);
    }
    const sequences = seen.map((key) => Number(key.slice(1)));
    expect([...sequences].sort((one, other) => other - one)).toEqual(sequences);
    expect(sequences[0]).toBeLessThan(457);
  });
});

const focusedKey = (page: Page): Promise<string> =>
  page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['key'] ?? '');

function isFocusInView(page: Page): Promise<boolean> {
  return page.evaluate((selector) => {
    const list = document.querySelector(selector)!.getBoundingClientRect();
    const row = document.activeElement!.getBoundingClientRect();
    return row.bottom > list.top && row.top < list.bottom;
  }, scroller);
}
