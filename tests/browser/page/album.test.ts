import type { BrowserContextOptions, Page, Route } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openFixture } from './fixture-page.js';

const row = (page: Page, key: string) => page.locator(`[data-key="${key}"]`);
const viewer = (page: Page) => page.locator('.viewer');
const place = (page: Page) => viewer(page).getByRole('status').textContent();

/** Opens a conversation with an album, with its earlier messages. */
async function openPage(options: BrowserContextOptions = {}): Promise<Page> {
  const { page } = await openFixture('?view=album&lang=en', options);
  await row(page, 'm12').waitFor();
  // Earlier messages are loaded as well.
  await page.waitForFunction(() => window.fixture.timelines.get(13)!.getSnapshot().atStart);
  return page;
}

/** Simulates a reader far below in a long history: nothing before the shown messages was fetched. */
async function keepEarlierAway(page: Page): Promise<void> {
  await page.evaluate(() => {
    const timeline = window.fixture.timelines.get(13)!;
    const { rows } = timeline.getSnapshot();
    timeline.loadOlder = () => {
      timeline.calls.push('earlier');
      if (timeline.calls.includes('give')) timeline.set({ rows, atStart: true });
    };
    timeline.set({ rows: rows.slice(3), atStart: false });
  });
}

/** 300 by 900: not the size that the server announced. */
const tallPicture =
  '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="900"><rect width="300" height="900"/></svg>';

/** Waits until two consecutive reads are equal. */
async function steady(read: () => Promise<unknown>): Promise<void> {
  let last = '';
  await expect
    .poll(async () => {
      const now = JSON.stringify(await read());
      const same = now === last;
      last = now;
      return same;
    })
    .toBe(true);
}

describe('pictures', () => {
  test('pictures sent together are one grid of equal squares, with their final size before they have loaded', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    const boxes = await row(page, 'm12')
      .locator('.album .picture')
      .evaluateAll((tiles) => tiles.map((tile) => tile.getBoundingClientRect()));
    expect(boxes).toHaveLength(4);
    for (const box of boxes) expect(Math.abs(box.width - box.height)).toBeLessThan(1);
    const [first, second, third] = boxes;
    expect(second!.top).toBe(first!.top);
    expect(third!.top).toBeGreaterThan(first!.top);
    expect(third!.left).toBe(first!.left);
    expect(await row(page, 'm10').locator('.album').count()).toBe(0);
  });

  test('[pain 9] pictures that load late with an unannounced shape move nothing that is being read; nor does a video', {
    tags: ['wide'],
  }, async () => {
    const { page } = await openFixture('?view=long&lang=en');
    const held: Route[] = [];
    await page.route('**/api/files/**', (route) => void held.push(route));
    await page.getByRole('article', { name: /#460/ }).waitFor();
    await page.evaluate(() => {
      const timeline = window.fixture.timelines.get(13)!;
      timeline.loadOlder = () => undefined;
      const file = { id: '', name: 'heron', type: '', size: 1 } as const;
      const measures = { width: 800, height: 600, placeholder: '3OcRJYB4d3h/iIeHeEh3eIhw+j2w' };
      const rows = timeline.getSnapshot().rows.map((one, index) => {
        if (one.type !== 'message' || index % 3 > 0) return one;
        const id = index.toString(16).padStart(32, '0');
        const picture = { ...file, id, kind: 'image', picture: measures } as const;
        return { ...one, files: index % 2 > 0 ? [picture] : [{ ...file, id, kind: 'video' } as const] };
      });
      timeline.set({ rows });
    });
    const log = page.locator('.log-frame > .scroll');
    await expect.poll(() => log.evaluate((element) => element.scrollHeight)).toBeGreaterThan(3_000);
    await log.hover();
    await page.mouse.wheel(0, -1_500);
    const late = log.locator('.picture img');
    await expect.poll(() => late.count()).toBeGreaterThan(1);
    await expect.poll(() => held.length).toBeGreaterThan(1);
    const tops = () =>
      log
        .locator('article')
        .evaluateAll((all) =>
          Object.fromEntries(all.map((one) => [one.dataset['key'], Math.round(one.getBoundingClientRect().top)])),
        );
    await steady(tops);
    const before = await tops();
    const videos = log.locator('.video');
    expect(await videos.first().evaluate((video) => [video.clientWidth, video.clientHeight])).toEqual([320, 180]);
    await Promise.all(
      held.splice(0).map((route) => route.fulfill({ contentType: 'image/svg+xml', body: tallPicture })),
    );
    await expect
      .poll(() => late.evaluateAll((all) => all.some((one) => (one as HTMLImageElement).naturalHeight === 900)))
      .toBe(true);
    await steady(tops);
    expect(await tops()).toMatchObject(before);
    // Each is wholly within its frame.
    const isWithin = (all: readonly Element[]) =>
      all.every((one) => {
        const [own, frame] = [one.getBoundingClientRect(), one.closest('.picture')!.getBoundingClientRect()];
        return own.width <= frame.width + 1 && own.height <= frame.height + 1;
      });
    expect(await late.evaluateAll(isWithin)).toBe(true);
  });

  test('[item 41] arrows step through pictures, across messages and into history; Esc returns to the original position', async () => {
    const page = await openPage();
    const chosen = row(page, 'm11').locator('.picture').nth(2);
    await chosen.focus();
    await page.keyboard.press('Enter');
    await viewer(page).waitFor();
    await expect.poll(() => place(page)).toMatch(/^12 of 16/);
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => place(page)).toMatch(/^13 of 16/);
    for (const left of [12, 11, 10, 9, 8]) {
      await page.keyboard.press('ArrowLeft');
      await expect.poll(() => place(page)).toMatch(new RegExp(`^${left} of 16`));
    }
    await page.keyboard.press('Escape');
    await expect.poll(() => viewer(page).count()).toBe(0);
    await expect.poll(() => chosen.evaluate((link) => link === document.activeElement)).toBe(true);
  });

  test('pictures before the loaded messages are fetched on demand, with a notice while they load', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    await keepEarlierAway(page);
    await row(page, 'm10').locator('.picture').click();
    await expect.poll(() => place(page)).toMatch(/^1 of 8, loading earlier images/);
    await page.evaluate(() => {
      const timeline = window.fixture.timelines.get(13)!;
      timeline.calls.push('give');
      timeline.loadOlder();
    });
    await expect.poll(() => place(page)).toMatch(/^9 of 16gate/);
  });

  test('pictures can be saved, and lead to their message', { tags: ['wide'] }, async () => {
    const page = await openPage();
    await row(page, 'm12').locator('.picture').first().click();
    const save = viewer(page).getByRole('link', { name: /^Download spoon/ });
    expect(await save.getAttribute('download')).toBe('spoon101.jpg');
    await viewer(page).getByRole('button', { name: 'Go to original message' }).click();
    await expect.poll(() => row(page, 'm12').evaluate((one) => one === document.activeElement)).toBe(true);
    expect(await viewer(page).count()).toBe(0);
  });

  test('pictures are stepped through by touch on a phone', { tags: ['wide'] }, async () => {
    const page = await openPage({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await row(page, 'm12').locator('.picture').first().tap();
    await viewer(page).getByRole('button', { name: 'Next image' }).tap();
    await expect.poll(() => place(page)).toMatch(/^14 of 16/);
    await viewer(page).getByRole('button', { name: 'Close' }).tap();
    await expect.poll(() => viewer(page).count()).toBe(0);
  });
});
