/** @module-tag wide: tests of apps/web test the behaviour; this tests its look in a browser. */
import { expect, test } from 'vitest';
import { openFixture } from './fixture-page.js';
import { wheel } from './message-list.js';

test('with forced colours an online dot is filled and a lost one hollow, and the chosen row and the Find field are outlined', async () => {
  const { page } = await openFixture('?lang=en', { forcedColors: 'active' });
  const dot = () =>
    page
      .locator('.list .avatar:is(.here, .was)')
      .first()
      .evaluate((avatar) => {
        const canvas = getComputedStyle(document.body).backgroundColor;
        const { backgroundColor, borderTopColor } = getComputedStyle(avatar, '::after');
        return { filled: backgroundColor !== canvas, ring: borderTopColor !== canvas };
      });
  expect(await dot()).toEqual({ filled: true, ring: false });
  await page.evaluate(() => window.fixture.wire('cut'));
  await expect.poll(dot).toEqual({ filled: false, ring: true });
  const styleOf = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => [getComputedStyle(element).outlineStyle, getComputedStyle(element).borderTopStyle]);
  expect((await styleOf('.conversation[aria-current]'))[0]).toBe('solid');
  expect((await styleOf('.list .find'))[1]).toBe('solid');
});

test('with forced colours the date above the messages and the button to the latest are outlined', async () => {
  const { page } = await openFixture('?lang=en&view=long', { forcedColors: 'active' });
  const borderOf = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => getComputedStyle(element).borderTopStyle);
  await page.locator('.day').first().waitFor();
  expect(await borderOf('.day')).toBe('solid');
  await wheel(page, -3_000);
  await page.locator('.latest').first().waitFor();
  expect(await borderOf('.latest')).toBe('solid');
});
