/** @module-tag wide: tests of apps/web test the behaviour; this tests its look in a browser. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openFixture } from './fixture-page.js';

const survey = 13;
const composer = (page: Page) => page.getByRole('textbox', { name: /^(Message|消息)$/ });
const row = (page: Page, key: string) => page.locator(`[data-key="${key}"]`);
const box = async (page: Page, selector: string) => {
  const found = await page.locator(selector).first().boundingBox();
  if (found === null) throw new Error(`${selector} is not shown.`);
  return found;
};

/** Opens the page of made-up data, and waits until the composer is there. */
async function openPage(query = '?lang=en'): Promise<Page> {
  const { page } = await openFixture(query);
  await composer(page).waitFor();
  return page;
}

describe('the content of a bubble', () => {
  test.each(['en', 'zh'])('an apostrophe of an English message is narrow on the page in %s', async (language) => {
    const page = await openPage(`?lang=${language}&story=en`);
    const width = await row(page, 'm14')
      .locator('.bubble')
      .evaluate((bubble) => {
        const text = document.createTreeWalker(bubble, NodeFilter.SHOW_TEXT).nextNode() as Text;
        const range = document.createRange();
        range.setStart(text, text.data.indexOf('’'));
        range.setEnd(text, text.data.indexOf('’') + 1);
        return range.getBoundingClientRect().width / Number.parseFloat(getComputedStyle(bubble).fontSize);
      });
    expect(width).toBeLessThan(0.4);
  });

  test('a file sent with pictures is a row under them', async () => {
    const { page } = await openFixture('?view=album&lang=en');
    await row(page, 'm12').waitFor();
    await page.evaluate((id) => {
      const timeline = window.fixture.timelines.get(id)!;
      const file = {
        id: 'f'.repeat(32),
        name: 'notes.pdf',
        kind: 'file' as const,
        type: 'application/pdf',
        size: 9_000,
      };
      const rows = timeline
        .getSnapshot()
        .rows.map((each) =>
          each.key === 'm12' && each.type === 'message' ? { ...each, files: [file, ...each.files] } : each,
        );
      timeline.set({ rows });
    }, survey);
    await row(page, 'm12').locator('.file').waitFor();
    const album = await box(page, '[data-key="m12"] .album');
    const file = await box(page, '[data-key="m12"] .file');
    expect(file.y).toBeGreaterThanOrEqual(album.y + album.height);
    expect(file.height).toBeLessThan(80);
    expect(file.width).toBeGreaterThan(file.height);
  });

  test.each([false, true])(
    'code is inset by 4 px, with its copy button at the top right (touch: %j)',
    async (touch) => {
      const options = touch ? { hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } } : {};
      const { page } = await openFixture(touch ? '?lang=en&view=conversation' : '?lang=en', options);
      await composer(page).waitFor();
      await composer(page).fill('```\nconst a = 1;\n```');
      await page.getByRole('button', { name: 'Send', exact: true }).click();
      const bubble = await box(page, '[data-key="sent 1"] .bubble');
      const block = await box(page, '[data-key="sent 1"] .code-block');
      const pre = await box(page, '[data-key="sent 1"] pre');
      const copy = await box(page, '[data-key="sent 1"] .copy-code');
      expect([block.x - bubble.x, block.y - bubble.y].map(Math.round)).toEqual([4, 4]);
      expect(Math.round(bubble.y + bubble.height - block.y - block.height)).toBe(4);
      expect(Math.round(block.height - pre.height)).toBe(0);
      expect(copy.y - block.y).toBeLessThan(8);
      expect(block.x + block.width - copy.x - copy.width).toBeLessThan(8);
    },
  );

  test('emphasis has dots in Chinese and a slant in English', async () => {
    const page = await openPage();
    for (const text of ['看*这里*吧', 'look *here*']) {
      await composer(page).fill(text);
      await composer(page).press('Enter');
    }
    const style = (key: string) =>
      row(page, key)
        .locator('em')
        .evaluate((em) => getComputedStyle(em).fontStyle);
    expect([await style('sent 1'), await style('sent 2')]).toEqual(['normal', 'italic']);
  });

  test('only the row under the pointer shows its tools, next to its bubble', async () => {
    const page = await openPage();
    await row(page, 'm8').focus();
    await row(page, 'm8').locator('.tools').waitFor();
    await row(page, 'm10').locator('.bubble').hover();
    await row(page, 'm10').locator('.tools').waitFor();
    const opacity = (key: string) =>
      row(page, key)
        .locator('.tools')
        .evaluate((tools) => getComputedStyle(tools).opacity);
    expect([await opacity('m8'), await opacity('m10')]).toEqual(['0', '1']);
    const bubble = await box(page, '[data-key="m10"] .bubble');
    const tools = await box(page, '[data-key="m10"] .tools');
    expect(tools.x + tools.width <= bubble.x || tools.x >= bubble.x + bubble.width).toBe(true);
    // A message within a group shows its time there while it is hovered.
    await row(page, 'm9').locator('.bubble').hover();
    const next = await box(page, '[data-key="m9"] .tools');
    const words = await row(page, 'm9')
      .locator('.at-hand')
      .evaluate((stamp) => {
        const range = document.createRange();
        range.selectNodeContents(stamp);
        return range.getBoundingClientRect().left;
      });
    expect(words).toBeGreaterThanOrEqual(next.x + next.width);
  });
});
