/** @module-tag wide: tests of apps/web test the behaviour; this tests its look in a browser. */
import { describe, expect, test } from 'vitest';
import { openFixture } from './fixture-page.js';
import { untilStill } from './message-list.js';

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

describe('the settings on a phone', () => {
  test('the settings on a phone open on a list of all sections; Back leads from a section to the list, and from the list to the page', async () => {
    const { page } = await openFixture('?lang=en&open=0', phone);
    await page.getByRole('button', { name: 'Settings' }).tap();
    const tabs = page.getByRole('tab');
    await tabs.first().waitFor();
    const names = await tabs.allTextContents();
    expect(names).toEqual(expect.arrayContaining(['Account', 'Appearance', 'Connection']));
    for (const tab of await tabs.all()) {
      const box = await tab.boundingBox();
      expect(box !== null && box.x >= 0 && box.x + box.width <= 390 && box.height >= 44).toBe(true);
    }
    await page.getByRole('tab', { name: 'Connection' }).tap();
    await page.getByRole('heading', { name: 'Connection' }).waitFor();
    expect(await tabs.first().isVisible()).toBe(false);
    await expect.poll(() => page.evaluate(() => (history.state as { layers?: number } | null)?.layers)).toBe(2);
    await page.goBack();
    await expect.poll(() => tabs.first().isVisible()).toBe(true);
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Connection');
    await page.goBack();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('settings on a phone opened at a section have a way to the list', { tags: ['wide'] }, async () => {
    const { page } = await openFixture('?lang=en&open=0', phone);
    await page.getByRole('button', { name: /^Connection: / }).tap();
    await page.getByRole('heading', { name: 'Connection' }).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Settings' }).tap();
    await page.getByRole('tab', { name: 'Account' }).waitFor();
  });
});

test('at 400 % zoom more than half of the page is left for messages, and the pins can be reached', async () => {
  const { page } = await openFixture('?view=rich&lang=en', { viewport: { width: 320, height: 256 } });
  await untilStill(page);
  const log = await page.locator('.pane .log-frame').first().boundingBox();
  expect(log?.height).toBeGreaterThan(128);
  await page.locator('.pin-bar').getByRole('button').last().click();
  await page.getByRole('dialog').waitFor();
});

test('on a phone the settings do not scroll below their title', async () => {
  const { page } = await openFixture('?lang=en&open=0', { viewport: { width: 390, height: 500 }, hasTouch: true });
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('tab', { name: 'Appearance' }).click();
  const section = page.locator('.dialog-settings .set:not([hidden])');
  await section.evaluate((element) => element.scrollBy(0, 400));
  const [top, bottom] = await Promise.all([
    section.evaluate((element) => element.getBoundingClientRect().top),
    page.locator('.dialog-settings > .dialog-title').evaluate((element) => element.getBoundingClientRect().bottom),
  ]);
  expect(top).toBeGreaterThanOrEqual(bottom);
});
