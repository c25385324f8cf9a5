import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { wideUnless } from '../../lane.js';
import { openFixture } from './fixture-page.js';
import { untilStill } from './message-list.js';

const composer = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true });
const row = (page: Page, key: string) => page.locator(`[data-key="${key}"]`);
const picker = (page: Page) => page.getByRole('dialog', { name: 'Emoji' });
const search = (page: Page) => page.getByRole('searchbox', { name: 'Search emoji' });

/** Opens the page of made-up data, and waits until its messages stand still. */
async function openPage(query = '?view=rich&lang=en', options = {}): Promise<Page> {
  const { page } = await openFixture(query, options);
  await row(page, 'm9').waitFor();
  await untilStill(page);
  return page;
}

/** Returns the calls with this name that the page has made on the conversation, with their arguments. */
const callsOf = (page: Page, name: string) =>
  page.evaluate((wanted) => window.fixture.timelines.get(13)!.calls.filter((call) => call.startsWith(wanted)), name);

const focusedName = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));

describe('[item 20] emoji', () => {
  test('the picker inserts an emoji at the caret, by keyboard alone, and remembers it', async () => {
    const page = await openPage();
    await composer(page).fill('good morning');
    for (let step = 0; step < 'morning'.length; step += 1) await page.keyboard.press('ArrowLeft');
    await page.getByRole('button', { name: 'Emoji' }).press('Enter');
    await search(page).waitFor();
    await expect.poll(() => focusedName(page)).toBe('Search emoji');
    await page.keyboard.type('太阳');
    await page.getByRole('button', { name: 'sun', exact: true }).waitFor();
    await page.keyboard.press('ArrowDown');
    expect(await focusedName(page)).not.toBe('Search emoji');
    await page.keyboard.press('ArrowUp');
    expect(await focusedName(page)).toBe('Search emoji');
    await page.getByRole('button', { name: 'sun', exact: true }).press('Enter');
    await expect.poll(() => composer(page).inputValue()).toBe('good ☀️morning');
    await expect.poll(() => picker(page).count()).toBe(0);
    await page.keyboard.type(' ');
    expect(await composer(page).inputValue()).toBe('good ☀️ morning');
    await page.getByRole('button', { name: 'Emoji' }).click();
    await page.getByRole('region', { name: 'Recently used' }).getByRole('button', { name: 'sun' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => focusedName(page)).toBe('Message');
    await page.getByRole('button', { name: 'Emoji' }).click();
    await search(page).waitFor();
    await page.goBack();
    await expect.poll(() => picker(page).count()).toBe(0);
    expect(await row(page, 'm9').count()).toBe(1);
  });

  test(':tad offers emojis of that name; Enter takes one and does not send, Esc keeps the text', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    await composer(page).focus();
    await page.keyboard.type('done :tad');
    const options = page.getByRole('option');
    await options.first().waitFor();
    expect(await page.getByRole('option', { selected: true }).getAttribute('id')).toBe(
      await composer(page).getAttribute('aria-activedescendant'),
    );
    await page.keyboard.press('Enter');
    await page.keyboard.type(' at last');
    await expect.poll(() => composer(page).inputValue()).toBe('done 🎉 at last');
    await page.keyboard.type(' :smi');
    await options.first().waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => options.count()).toBe(0);
    await page.keyboard.press('Enter');
    await expect.poll(() => callsOf(page, 'send')).toEqual(['send done 🎉 at last :smi quote  files 0']);
  });

  test('any emoji can be a reaction, and one to three of them alone are large', { tags: ['wide'] }, async () => {
    const page = await openPage();
    await row(page, 'm5').focus();
    await row(page, 'm5').getByRole('button', { name: 'More actions' }).press('Enter');
    await page.getByRole('menuitem', { name: 'React with another emoji' }).click();
    await search(page).fill('rocket');
    await search(page).press('Enter');
    await expect.poll(() => callsOf(page, 'react')).toEqual(['react m5 🚀 true']);
    await page.evaluate(() => window.fixture.receive(13, '👍🏽🎉'));
    const size = (text: string) =>
      page
        .locator('.bubble', { hasText: text })
        .last()
        .evaluate((bubble) => Number.parseFloat(getComputedStyle(bubble).fontSize));
    await page.locator('.bubble', { hasText: '👍🏽🎉' }).waitFor();
    expect(await size('👍🏽🎉')).toBe(40);
    await page.evaluate(() => window.fixture.receive(13, 'well 🎉'));
    await page.locator('.bubble', { hasText: 'well 🎉' }).waitFor();
    expect(await size('well 🎉')).toBeLessThan(20);
  });

  test('Enter picks the first result, or the focused one, and adds no line', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    const find = async (words: string) => {
      await page.getByRole('button', { name: 'Emoji' }).press('Enter');
      await search(page).fill(words);
      await picker(page).getByRole('region', { name: 'Found' }).waitFor();
    };
    await find('rocket');
    await page.keyboard.press('Enter');
    await expect.poll(() => picker(page).count()).toBe(0);
    await find('sun');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => picker(page).count()).toBe(0);
    await page.keyboard.type('.');
    expect(await composer(page).inputValue()).toMatch(/^🚀\S+\.$/u);
  });

  test('arrow keys step through the emoji row of the menu, and leave it downwards', { tags: ['wide'] }, async () => {
    const page = await openPage();
    await row(page, 'm5').focus();
    await row(page, 'm5').getByRole('button', { name: 'More actions' }).press('Enter');
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('ArrowDown');
    await expect.poll(focused).toBe('👍');
    const walked: string[] = [];
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp']) {
      await page.keyboard.press(key);
      walked.push(await focused());
    }
    expect(walked).toEqual(['❤️', '😂', '❤️', 'Reply', '']);
  });

  for (const width of [390, 320])
    test(`on a phone of ${width} px nothing of the dialog for reactions is cut off`, {
      tags: wideUnless(width === 320),
    }, async () => {
      const page = await openPage(undefined, { viewport: { width, height: 700 }, hasTouch: true, isMobile: true });
      await row(page, 'm5').focus();
      await row(page, 'm5').getByRole('button', { name: 'More actions' }).press('Enter');
      await page.getByRole('menuitem', { name: 'React with another emoji' }).press('Enter');
      const dialog = page.getByRole('dialog', { name: 'React with another emoji' });
      await dialog.getByRole('button', { name: 'grinning face', exact: true }).waitFor();
      const [outer, sections, eighth] = await Promise.all(
        [dialog, dialog.locator('.emoji-sections'), dialog.locator('.emoji-grid button').nth(7)].map(async (part) => {
          const box = await part.boundingBox();
          return (box?.x ?? 0) + (box?.width ?? 0);
        }),
      );
      expect(outer).toBeLessThanOrEqual(width);
      expect(sections).toBeLessThanOrEqual(outer ?? 0);
      expect(eighth).toBeLessThanOrEqual(sections ?? 0);
      if (width === 390)
        expect((await dialog.locator('.emoji-grid button').first().boundingBox())?.width).toBeGreaterThanOrEqual(42);
    });

  test('the emoji set is fetched again after a failure', { tags: ['wide'] }, async () => {
    const page = await openPage();
    let broken = true;
    await page.route(/emoji-data/, (route) => (broken ? route.abort() : route.continue()));
    await page.getByRole('button', { name: 'Emoji' }).click();
    const again = page.getByRole('button', { name: 'Retry' });
    await again.waitFor();
    broken = false;
    await again.click();
    await page.getByRole('button', { name: 'grinning face', exact: true }).waitFor();
  });
});
