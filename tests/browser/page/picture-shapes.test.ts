/** @module-tag wide: only a browser lays out pictures. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openFixture } from './fixture-page.js';

const shapes = [
  [10, 8_000],
  [1_080, 20_000],
  [8_000, 10],
  [20_000, 100],
  [60_000, 1],
  [1, 1],
  [4_000, 3_000],
] as const;

/** Black words on nothing. */
const transparent = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><text y="40">words</text></svg>';

/** Opens a phone in the dark theme, with a message of one picture for each shape. */
async function openShapes(): Promise<Page> {
  const { page } = await openFixture(
    '?view=album&lang=en&theme=dark',
    { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    async (page) => {
      await page.route('**/api/files/**', (route) =>
        route.fulfill({ contentType: 'image/svg+xml', body: transparent }),
      );
    },
  );
  await page.locator('[data-key="m12"]').waitFor();
  await page.evaluate((shapes) => {
    const timeline = window.fixture.timelines.get(13)!;
    const rows = timeline.getSnapshot().rows;
    const like = rows.findLast((row) => row.type === 'message')!;
    timeline.set({
      rows: shapes.map(([width, height], index) => {
        const id = index.toString(16).padStart(32, '0');
        const picture = { width, height, placeholder: '3OcRJYB4d3h/iIeHeEh3eIhw+j2w' };
        const files = [{ id, name: `${width}`, kind: 'image' as const, type: 'image/gif', size: 1, picture }];
        return { ...like, key: `shape${index}`, sequence: 900 + index, text: '', files };
      }),
    });
  }, shapes);
  await page.locator('[data-key="shape6"] .picture img').waitFor();
  return page;
}

const sidesOf = (page: Page, selector: string) =>
  page.locator(selector).evaluateAll((all) => all.map((one) => [one.clientWidth, one.clientHeight] as const));

test('a picture of any shape can be seen and pressed, and is no higher than a part of the screen', async () => {
  const page = await openShapes();
  for (const [index] of shapes.entries()) {
    const tile = page.locator(`[data-key="shape${index}"] .picture`);
    await tile.scrollIntoViewIfNeeded();
    const [[width, height]] = (await sidesOf(page, `[data-key="shape${index}"] .picture`)) as [
      readonly [number, number],
    ];
    expect(Math.min(width, height), `${shapes[index]}`).toBeGreaterThanOrEqual(44);
    expect(Math.max(width, height), `${shapes[index]}`).toBeLessThanOrEqual(320);
    await tile.tap();
    const image = page.locator('.viewer-stage img');
    await image.waitFor();
    const [[wide, high]] = (await sidesOf(page, '.viewer-stage img')) as [readonly [number, number]];
    expect(Math.min(wide, high), `${shapes[index]} in the viewer`).toBeGreaterThanOrEqual(44);
    expect([wide <= 390, high <= 844]).toEqual([true, true]);
    await page.getByRole('button', { name: 'Close' }).tap();
    await image.waitFor({ state: 'detached' });
  }
});

test('nothing but an even ground on which black and white can be read is behind a picture that has loaded; one that moves is marked', async () => {
  const page = await openShapes();
  const tile = page.locator('[data-key="shape6"] .picture');
  const ground = () =>
    tile.evaluate((one) => [getComputedStyle(one).backgroundImage, getComputedStyle(one).backgroundColor]);
  await expect.poll(ground).toEqual(['none', 'rgb(145, 145, 145)']);
  await tile.locator('.moving').waitFor();
  expect(await tile.textContent()).toBe('Animated. Open to play');
});

test('a narrow picture that waits to be uploaded can be seen', async () => {
  const page = await openShapes();
  await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 2_000, height: 1 });
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done));
    const timeline = window.fixture.timelines.get(13)!;
    const rows = timeline.getSnapshot().rows;
    const last = rows.findLast((row) => row.type === 'message')!;
    const waitingFiles = [{ waiting: true as const, number: 0, name: 'line.png', type: 'image/png', size: 9 }];
    timeline.waiting.set('waits', [new File([blob!], 'line.png', { type: 'image/png' })]);
    timeline.set({ rows: [...rows, { ...last, key: 'waits', sequence: null, files: [], waitingFiles }] });
  });
  const image = page.locator('[data-key="waits"] .picture img');
  await image.waitFor();
  await expect
    .poll(async () => Math.min(...(await sidesOf(page, '[data-key="waits"] .picture img'))[0]!))
    .toBeGreaterThanOrEqual(44);
});
