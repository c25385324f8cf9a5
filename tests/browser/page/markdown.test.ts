import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openFixture } from './fixture-page.js';

const typed = [
  '我觉得**很好。**你呢？ <img src=x onerror="window.hit=1"> [x](javascript:window.hit=1)',
  '',
  '> quoted',
  '',
  '- one',
  '- two',
  '',
  '```ts',
  '  const wide = "',
  '```',
]
  .join('\n')
  .replace('wide = "', `wide = "${'x'.repeat(300)}"`);

async function typeAndSend(query: string): Promise<Page> {
  const { page } = await openFixture(query);
  const composer = page.getByRole('textbox', { name: 'Message', exact: true });
  await composer.fill(typed);
  await composer.press('Enter');
  await page.locator('[data-key="sent 1"] pre').waitFor();
  return page;
}

describe('Markdown in a message', () => {
  test('Markdown becomes elements; HTML and foreign schemes stay plain text', async () => {
    const page = await typeAndSend('?lang=en');
    const bubble = page.locator('[data-key="sent 1"] .bubble');
    expect(await bubble.locator('strong').textContent()).toBe('很好。');
    expect(await bubble.locator('blockquote').textContent()).toBe('quoted');
    expect(await bubble.locator('ul > li').allTextContents()).toEqual(['one', 'two']);
    expect(await bubble.locator('img, a').count()).toBe(0);
    expect(await bubble.textContent()).toContain('<img src=x onerror="window.hit=1"> [x](javascript:window.hit=1)');
    expect(await page.evaluate('window.hit')).toBeUndefined();
  });

  test('[item 23] code keeps its indentation, a long line scrolls inside its block, and it can be copied', {
    tags: ['wide'],
  }, async () => {
    const page = await typeAndSend('?lang=en');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const pre = page.locator('[data-key="sent 1"] pre');
    const widths = await pre.evaluate((block) => [block.clientWidth, block.scrollWidth, innerWidth]);
    expect(widths[1]).toBeGreaterThan(widths[0] ?? 0);
    expect(widths[0]).toBeLessThan(widths[2] ?? 0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
    await page.setViewportSize({ width: 390, height: 844 });
    const bubble = page.locator('[data-key="sent 1"] .bubble');
    expect(await bubble.evaluate((element) => element.getBoundingClientRect().left)).toBeGreaterThanOrEqual(0);
    await page.setViewportSize({ width: 1440, height: 900 });
    await pre.hover();
    await page.locator('[data-key="sent 1"]').getByRole('button', { name: 'Copy' }).click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(`  const wide = "${'x'.repeat(300)}"`);
  });
});
