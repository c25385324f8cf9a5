/** @module-tag wide: only a browser changes its time zone while a page is open. */
import { expect, test } from 'vitest';
import { openFixture } from './fixture-page.js';

test('times and days of everything shown follow the time zone of the device while the page is open', async () => {
  let travel = async (_timezoneId: string): Promise<unknown> => undefined;
  const { page } = await openFixture('?view=rich&lang=en', {}, async (opened) => {
    const devtools = await opened.context().newCDPSession(opened);
    travel = (timezoneId) => devtools.send('Emulation.setTimezoneOverride', { timezoneId });
    await travel('Asia/Shanghai');
  });
  await page.locator('article').last().waitFor();
  const shown = () =>
    page.evaluate(() => ({
      bubble: document.querySelector('[data-key="zone1"]')?.getAttribute('aria-label')?.slice(-5),
      list: [...document.querySelectorAll('a.conversation time')].map((time) => time.textContent),
      days: [...document.querySelectorAll('.day-row')].map((day) => day.textContent),
    }));
  /** Adds a message that was written at 06:32 in Los Angeles, at 21:32 in Shanghai, and one three hours later. */
  const receive = (key: string) =>
    page.evaluate((key) => {
      const timeline = window.fixture.timelines.get(13)!;
      const last = timeline.getSnapshot().rows.findLast((row) => row.type === 'message' && !row.own)!;
      const sentAt = Date.UTC(2026, 6, 15, 13, 32);
      if (last.type === 'message')
        timeline.set({
          rows: [
            { ...last, key, sentAt, text: key },
            { ...last, key: `${key} later`, sentAt: sentAt + 3 * 3_600_000, text: 'later' },
          ],
        });
    }, key);
  await receive('zone1');
  await expect.poll(async () => (await shown()).bubble).toBe('21:32');
  expect((await shown()).days).toHaveLength(2);
  const before = (await shown()).list;
  await travel('America/Los_Angeles');
  await receive('zone1');
  await expect.poll(async () => (await shown()).bubble).toBe('06:32');
  await expect.poll(async () => (await shown()).days.length).toBe(1);
  await expect.poll(async () => (await shown()).list).not.toEqual(before);
});
