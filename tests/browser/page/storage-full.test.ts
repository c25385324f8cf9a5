import { expect, test } from 'vitest';
import { openFixture } from './fixture-page.js';

test.each([
  ['en', /browser is out of storage/i],
  ['zh', /浏览器存储空间已满，关闭页面后，现在写的内容可能丢失/],
])(
  'where the browser has no room left the page says so above the field as long as that lasts: %s',
  async (lang, words) => {
    const { page } = await openFixture(`?lang=${lang}`);
    const line = page.getByRole('alert').filter({ hasText: words });
    await page.locator('article').first().waitFor();
    expect(await line.count()).toBe(0);
    await page.evaluate(() => window.fixture.set({ storageFull: true }));
    await line.waitFor();
    await page.evaluate(() => window.fixture.set({ storageFull: false }));
    await line.waitFor({ state: 'detached' });
  },
);
