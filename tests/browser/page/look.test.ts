import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openFixture } from './fixture-page.js';

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const background = (page: Page) => page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor);

describe('the look', () => {
  test('[CSP] no view, dialog or popover breaks the content security policy or logs an error', {
    tags: ['wide'],
  }, async () => {
    const { page, problems } = await openFixture('?lang=en&wire=slow&typing=1');
    await page.getByRole('button', { name: 'Why?' }).click();
    await page.getByRole('heading', { name: 'Why is the connection slow?' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Settings' }).click();
    for (const section of ['Account', 'Notifications', 'Privacy', 'Connection', 'Appearance'])
      await page.getByRole('tab', { name: section }).click();
    await page.getByRole('switch', { name: 'Reduce motion' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'New conversation' }).click();
    await page.getByRole('dialog').getByRole('button', { name: /Aisha/ }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Leave group' }).click();
    await page.getByRole('dialog', { name: /Leave/ }).getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Manage' }).click();
    await page.getByRole('button', { name: 'Save' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('[data-conversation="101"]').click();
    await page.getByRole('heading', { level: 1, name: '林晚' }).waitFor();
    expect(problems).toEqual([]);
    expect(await page.locator('style, [onclick]').count()).toBe(0);
    for (const view of ['?view=login', '?view=empty', '?view=many']) {
      const other = await openFixture(view);
      await other.page.waitForLoadState('networkidle');
      expect(other.problems).toEqual([]);
    }
  });

  test('an enabled button is not paler than the one next to it', { tags: ['wide'] }, async () => {
    const { page } = await openFixture('?lang=en');
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('tab', { name: 'Invitations' }).click();
    const inkOf = (name: string) =>
      page
        .getByRole('button', { name })
        .first()
        .evaluate((button) => getComputedStyle(button).color);
    expect(await inkOf('Create link')).toBe(await inkOf('Revoke'));
  });

  test('[language] the language follows the browser, switches immediately, and is stored', {
    tags: ['wide'],
  }, async () => {
    const { page } = await openFixture('?view=login', { locale: 'en-GB' });
    await page.getByRole('heading', { name: 'Sign in to 东滩观鸟' }).waitFor();
    await page.getByRole('button', { name: '中文' }).click();
    await page.getByRole('heading', { name: '登录东滩观鸟' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    await page.reload();
    await page.getByRole('button', { name: '登录', exact: true }).waitFor();
  });

  test('[sign in] the sign-in form shows why it was refused', { tags: ['wide'] }, async () => {
    const { page } = await openFixture('?view=login&lang=en');
    await page.getByRole('textbox', { name: 'Username' }).fill('zhouyu');
    await page.getByLabel('Password').fill('short');
    await page.getByLabel('Password').press('Enter');
    await page.getByRole('alert').filter({ hasText: 'Wrong username or password' }).waitFor();
    await page.getByRole('button', { name: 'Create an account' }).click();
    await page.getByLabel('Username').fill('taken');
    await page.getByLabel('Password').fill('long enough');
    await page.getByRole('button', { name: 'Register' }).click();
    await page.getByRole('alert').filter({ hasText: 'That username is taken' }).waitFor();
  });

  test('[theme] the theme applies at the first paint, and can be chosen', { tags: ['wide'] }, async () => {
    const { page } = await openFixture('?lang=en', { colorScheme: 'dark' });
    const dark = await background(page);
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('radio', { name: 'Light' }).click();
    const light = await background(page);
    expect(light).not.toBe(dark);
    await page.addInitScript(() => {
      document.addEventListener('DOMContentLoaded', () => {
        document.documentElement.dataset['themeBefore'] = document.documentElement.dataset['theme'] ?? 'none';
      });
    });
    await page.reload();
    expect(await page.locator('html').getAttribute('data-theme-before')).toBe('light');
    expect(await background(page)).toBe(light);
  });

  test('[item 38] high contrast is chosen or follows the system; backgrounds become white and lines solid', {
    tags: ['wide'],
  }, async () => {
    const { page } = await openFixture('?lang=en&theme=contrast');
    expect(await page.locator('html').getAttribute('data-contrast')).toBe('more');
    expect(await background(page)).toMatch(/oklch\(1 0 0\)|rgb\(255, 255, 255\)|lab\(100/);
    const system = await openFixture('?lang=en', { contrast: 'more' });
    await expect.poll(() => system.page.locator('html').getAttribute('data-contrast')).toBe('more');
  });

  test('[item 38] forced colours keep the wire and the bubbles visible', { tags: ['wide'] }, async () => {
    const { page } = await openFixture('?lang=en&wire=slow', { forcedColors: 'active' });
    const line = await page
      .locator('.wire .run')
      .first()
      .evaluate((run) => getComputedStyle(run).borderBlockStartStyle);
    expect(line).toBe('dashed');
    const bubble = await page
      .locator('.bubble')
      .first()
      .evaluate((one) => getComputedStyle(one).borderTopStyle);
    expect(bubble).toBe('solid');
  });

  test('[item 38] with reduced motion the typing dots and a reconnecting wire do not move', {
    tags: ['wide'],
  }, async () => {
    const { page } = await openFixture('?lang=en&wire=again&typing=1', { reducedMotion: 'reduce' });
    await page.locator('.wire[data-state="again"]').waitFor();
    for (const part of ['.dots i', '.wire .run.a']) {
      expect(
        await page
          .locator(part)
          .first()
          .evaluate((one) => getComputedStyle(one).animationName),
      ).toBe('none');
    }
  });

  test('[layout] a phone shows one column at a time: the list, the conversation, and back', async () => {
    const { page } = await openFixture('?lang=en&open=0', phone);
    await page.getByRole('navigation', { name: 'Conversations' }).waitFor();
    expect(await page.locator('.pane').evaluate((pane) => getComputedStyle(pane).visibility)).toBe('hidden');
    await page.locator('[data-conversation="13"]').click();
    await page.getByRole('textbox', { name: 'Message', exact: true }).waitFor();
    await expect.poll(() => page.locator('.list').evaluate((list) => getComputedStyle(list).visibility)).toBe('hidden');
    await expect.poll(() => page.locator('.pane').evaluate((pane) => pane.getBoundingClientRect().left)).toBe(0);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(390);
    // Elements floating above the messages keep the composer's distance from the edge.
    await page.locator('.log-frame').evaluate((frame) => {
      const button = document.createElement('button');
      button.className = 'latest';
      frame.append(button);
    });
    const ends = ['.latest', '.write'].map((part) =>
      page
        .locator(part)
        .first()
        .evaluate((element) => element.getBoundingClientRect().right),
    );
    expect(await Promise.all(ends)).toEqual([382, 382]);
    await page.locator('.latest').evaluate((button) => button.remove());
    await page.getByRole('button', { name: 'Back' }).click();
    await expect
      .poll(() => page.locator('.list').evaluate((list) => getComputedStyle(list).visibility))
      .toBe('visible');
  });

  test('[first run] the first-run page is shown on a phone too, where there is no pane next to the list', {
    tags: ['wide'],
  }, async () => {
    const { page } = await openFixture('?view=empty&lang=en', phone);
    await page.getByRole('heading', { name: 'You’re all set, 周屿' }).waitFor();
    // Next to its step's number a line would hold one word.
    const hint = page.getByRole('navigation').getByText('This address works only on this computer');
    expect(await hint.evaluate((line) => line.getBoundingClientRect().width)).toBeGreaterThan(200);
    await page.getByRole('button', { name: 'New group' }).click();
    await page.getByRole('textbox', { name: 'Group name' }).fill('南门');
    await page.getByRole('button', { name: 'Create group' }).click();
    await page.getByRole('heading', { level: 1, name: '南门' }).waitFor();
  });

  test('[item 38] nothing is wider than a window of 320 px', { tags: ['wide'] }, async () => {
    for (const query of ['?lang=en&wire=cut', '?lang=en&open=0', '?view=login&lang=en', '?view=empty&lang=en&open=0']) {
      const { page } = await openFixture(query, { viewport: { width: 320, height: 640 } });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    }
  });

  test('[layout] between 720 and 1180 px the details open over the pane', { tags: ['wide'] }, async () => {
    const { page } = await openFixture('?lang=en', { viewport: { width: 1_000, height: 700 } });
    expect(await page.getByRole('complementary', { name: 'Details' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Show details' }).click();
    await page.getByRole('complementary', { name: 'Details' }).waitFor();
    const pane = await page.locator('.pane').evaluate((element) => element.getBoundingClientRect().width);
    expect(pane).toBe(704);
  });

  test('[item 39] [pain 25] right to left mirrors the frame, and each message keeps its own direction', {
    tags: ['wide'],
  }, async () => {
    const { page } = await openFixture('?lang=en&dir=rtl');
    const sides = await page.evaluate(() => {
      const left = (selector: string) => document.querySelector(selector)!.getBoundingClientRect().left;
      return { list: left('.list'), pane: left('.pane'), details: left('.details') };
    });
    expect(sides.list).toBeGreaterThan(sides.pane);
    expect(sides.pane).toBeGreaterThan(sides.details);
    expect(await page.locator('.bubble[dir="auto"]').count()).toBe(await page.locator('.bubble').count());
  });

  test('[density] compact rows are 48 px, comfortable ones 64 px', { tags: ['wide'] }, async () => {
    for (const [density, height] of [
      ['compact', 48],
      ['comfortable', 64],
    ] as const) {
      const { page } = await openFixture(`?lang=en&density=${density}`);
      const row = page.locator('.conversation').first();
      expect(await row.evaluate((one) => one.getBoundingClientRect().height)).toBe(height);
    }
  });
});
