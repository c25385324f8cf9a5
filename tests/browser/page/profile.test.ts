/** @module-tag wide: tests of apps/web test the behaviour; this tests its look in a browser. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openFixture } from './fixture-page.js';
import { untilStill } from './message-list.js';

const profile = (page: Page) => page.getByRole('dialog', { name: 'Profile' });

describe('the profile of a person', () => {
  test('a profile opens from the members by keyboard, shows name and presence, and Message leads to the conversation', async () => {
    const { page } = await openFixture('?lang=en');
    const member = page.getByRole('list', { name: 'Members' }).getByRole('button', { name: /^林晚/ });
    await member.focus();
    await page.keyboard.press('Enter');
    await profile(page).getByText('Online').waitFor();
    expect(await profile(page).textContent()).toContain('林晚');
    await profile(page).getByRole('button', { name: 'Message', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: '林晚' }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  test('a profile opens from the name and the picture at a message, and Back closes it', {
    tags: ['wide'],
  }, async () => {
    const { page } = await openFixture('?view=rich&lang=en');
    await untilStill(page);
    const from = page.locator('.from button').last();
    const name = await from.textContent();
    await from.click();
    await profile(page)
      .getByText(name ?? '', { exact: true })
      .waitFor();
    await page.goBack();
    await profile(page).waitFor({ state: 'detached' });
    await page.locator('.portrait').last().click();
    await profile(page)
      .getByText(name ?? '', { exact: true })
      .waitFor();
  });

  test("the user's own profile offers no message", { tags: ['wide'] }, async () => {
    const { page } = await openFixture('?lang=en');
    const own = page.getByRole('list', { name: 'Members' }).getByRole('button').filter({ hasText: 'You' });
    await own.click();
    await profile(page).getByText('You', { exact: true }).waitFor();
    expect(await profile(page).getByRole('button', { name: 'Message', exact: true }).count()).toBe(0);
  });
});
