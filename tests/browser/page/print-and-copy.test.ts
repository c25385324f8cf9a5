/** @module-tag wide: only a browser prints and copies. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openFixture } from './fixture-page.js';

/** Shows 80 own and other messages of which only some are in view. */
async function openConversation(): Promise<Page> {
  const { page } = await openFixture('?view=rich&lang=en&theme=dark');
  await page.evaluate(() => {
    const timeline = window.fixture.timelines.get(13)!;
    const all = timeline.getSnapshot().rows.filter((row) => row.type === 'message');
    const likes = [all.find((row) => row.own)!, all.find((row) => !row.own)!];
    timeline.set({
      rows: Array.from({ length: 80 }, (_, index) => {
        const like = likes[Math.floor(index / 2) % 2]!;
        const sentAt = like.sentAt + index * 60_000;
        return {
          ...like,
          key: `p${index}`,
          sequence: 500 + index,
          text: `printed ${index}.`,
          sentAt,
          files: [],
          quote: null,
          reactions: [],
          thread: null,
        };
      }),
    });
  });
  await page.getByText('printed 79.').waitFor();
  return page;
}

test('printing the page prints the messages of the conversation and nothing else', async () => {
  const page = await openConversation();
  expect(await page.locator('.bubble').count()).toBeLessThan(80);
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  const laidOut = await page.evaluate(() => {
    const bubbles = [...document.querySelectorAll('.bubble')].map((bubble) => bubble.getBoundingClientRect());
    return {
      visible: bubbles.filter(({ height }) => height > 10).length,
      overlaps: bubbles.some((bubble, index) => index > 0 && bubble.top < bubbles[index - 1]!.bottom),
      height: document.documentElement.scrollHeight,
      scrollers: [...document.querySelectorAll('.scroll')].filter((one) => one.clientHeight < one.scrollHeight).length,
      hidden: ['.list', '.composer', '.pane-header button', '.tools'].filter(
        (name) => (document.querySelector(name)?.getClientRects().length ?? 0) > 0,
      ),
      ground: getComputedStyle(document.body).backgroundColor,
    };
  });
  expect(laidOut).toMatchObject({ visible: 80, overlaps: false, scrollers: 0, hidden: [] });
  expect(laidOut.height).toBeGreaterThan(2_000);
  const pages = (await page.pdf()).toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  expect(pages).toBeGreaterThan(1);
  await page.emulateMedia({ media: null });
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  await expect.poll(() => page.locator('.bubble').count()).toBeLessThan(80);
});

test('messages that are selected by hand are copied as names and words, without times and marks', async () => {
  const page = await openConversation();
  const copied = await page.evaluate(() => {
    const bubbles = [...document.querySelectorAll('.bubble')].slice(-8);
    getSelection()!.setBaseAndExtent(bubbles[0]!, 0, bubbles.at(-1)!, bubbles.at(-1)!.childNodes.length);
    return getSelection()!.toString();
  });
  expect(copied).toMatch(/printed 72\.[\s\S]*printed 79\./);
  expect(copied).not.toMatch(/\d\d:\d\d|edited|Read|Sent|replies/i);
});
