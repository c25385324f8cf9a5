import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TwoPeople } from './two-people.js';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);
const waiting = (page: Page) => page.locator('article', { hasText: 'offline pic' });

describe('a picture that is sent without a network', () => {
  let two: TwoPeople;
  beforeAll(async () => {
    two = await TwoPeople.meet();
  });
  afterAll(() => two?.end());

  it('a picture sent offline waits in the conversation with a clock, also after a reload, and arrives once', async () => {
    const { ann, bo } = two;
    const { page } = ann;
    // The attachment list is not part of the first load.
    await page.waitForFunction(() =>
      performance.getEntriesByType('resource').some(({ name }) => /attachment-list.*\.js$/.test(name)),
    );
    await page.context().setOffline(true);
    await page.locator('input[type=file]').setInputFiles({ name: 'lake.png', mimeType: 'image/png', buffer: png });
    await page.getByText('Uploads once connected').waitFor();
    await ann.say('offline pic');
    await waiting(page).locator('img[src^="blob:"]').waitFor();
    expect(await page.getByLabel('Message', { exact: true }).inputValue()).toBe('');
    await waiting(page).locator('[data-receipt="waiting"], [data-receipt="sending"]').waitFor();
    expect(await page.locator('.tray li').count()).toBe(0);

    // The page loads, and no file is uploaded.
    await page.route('**/api/files/**', (route) => route.abort());
    await page.context().setOffline(false);
    await page.reload();
    await waiting(page).locator('img[src^="blob:"]').waitFor();
    await page.unroute('**/api/files/**');

    await waiting(page).locator('[data-receipt="sent"], [data-receipt="delivered"], [data-receipt="read"]').waitFor();
    await waiting(bo.page).locator('img[src*="/api/files/"]').waitFor();
    expect(await waiting(bo.page).count()).toBe(1);
    expect(await waiting(page).count()).toBe(1);
    expect(ann.problems).toEqual([]);
  });
});
