import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openFixture } from './fixture-page.js';

/** Opens a conversation with 300 unread messages, of which the first is not loaded. */
async function openUnread(query = ''): Promise<Page> {
  const { page } = await openFixture(`?view=long&open=0&lang=en${query}`);
  await page.evaluate(() => {
    const { fixture: chat } = window;
    const open = chat.openTimeline.bind(chat);
    chat.openTimeline = (id) => {
      const timeline = open(id);
      timeline.loadOlder = () => undefined;
      timeline.fillGap = () => undefined;
      if (id === 13) timeline.set({ unreadSought: true });
      return timeline;
    };
    chat.change(13, { unread: 300 });
  });
  await page.locator('[data-conversation="13"]').click();
  return page;
}

/** Delivers the page around the first unread message. */
const answer = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const timeline = window.fixture.timelines.get(13)!;
    await timeline.locate(161);
    timeline.set({ unreadSought: false, unreadKey: 'm161' });
  });

/** How often everything was marked as read. */
const marks = (page: Page): Promise<number> =>
  page.evaluate(() => window.fixture.timelines.get(13)!.calls.filter((call) => call === 'markRead Infinity').length);

const distanceToEnd = (page: Page): Promise<number> =>
  page
    .locator('.log-frame > .scroll')
    .evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);

describe('a conversation whose first unread message is not loaded', () => {
  test('[pain 10] the conversation opens at the first unread message once it has loaded, shows nothing until then, and marks what is seen as read', async () => {
    const page = await openUnread();
    await page.getByText('Loading messages…').first().waitFor();
    expect([await page.getByRole('article').count(), await marks(page)]).toEqual([0, 0]);
    await answer(page);
    const line = page.locator('.log').getByText('New messages', { exact: true });
    await line.waitFor();
    await page.getByRole('article', { name: /#161/ }).waitFor();
    const toLatest = page.getByRole('button', { name: '300 new messages' });
    await toLatest.waitFor();
    expect([await line.isVisible(), await marks(page)]).toEqual([true, 0]);
    const unread = await page.locator('article[data-key="m161"]').boundingBox();
    expect(unread?.y).toBeLessThan(300);
    await page.locator('.log-frame > .scroll').hover();
    await page.mouse.wheel(0, 600);
    const read = () =>
      page.evaluate(() =>
        window.fixture.timelines
          .get(13)!
          .calls.filter((call) => call.startsWith('markRead'))
          .at(-1),
      );
    await expect.poll(read).toMatch(/^markRead 1[67]\d$/);
    await toLatest.click();
    await expect.poll(() => marks(page)).toBeGreaterThan(0);
  });

  test('a mention is offered until it was on the screen, even if everything is read', { tags: ['wide'] }, async () => {
    const page = await openUnread();
    const call = (sequence: number) =>
      page.evaluate((at) => {
        window.fixture.change(13, { mentions: 2, mentionAt: 161 });
        const timeline = window.fixture.timelines.get(13)!;
        const rows = timeline.getSnapshot().rows.filter(({ type }) => type !== 'gap');
        const called = rows.map((row) =>
          row.type === 'message' && [161, at].includes(row.sequence ?? 0) ? { ...row, mentionsMe: true } : row,
        );
        timeline.set({ rows: called });
      }, sequence);
    await answer(page);
    await call(410);
    await page.getByRole('article', { name: /#161/ }).waitFor();
    const chip = page.locator('.latest.mention .num');
    await expect.poll(() => chip.textContent()).toBe('1');
    await page.getByRole('button', { name: /new messages?$/ }).click();
    await page.getByRole('article', { name: /#460/ }).waitFor();
    await page.evaluate(() => window.fixture.change(13, { unread: 0, mentions: 0, mentionAt: null }));
    expect(await chip.textContent()).toBe('1');
    await chip.click();
    await page.getByRole('article', { name: /#410/ }).waitFor();
    await expect.poll(() => chip.count()).toBe(0);
  });

  test('[pain 10] without a connection the conversation opens at the end of the loaded messages, without a line, and stays there', {
    tags: ['wide'],
  }, async () => {
    const page = await openUnread('&wire=cut');
    await page.getByRole('article', { name: /#460/ }).waitFor();
    await expect.poll(() => distanceToEnd(page)).toBeLessThanOrEqual(4);
    expect(await page.locator('.log').getByText('New messages', { exact: true }).count()).toBe(0);
    expect(await marks(page)).toBe(0);
    await answer(page);
    await expect.poll(() => marks(page)).toBeGreaterThan(0);
    expect(await distanceToEnd(page)).toBeLessThanOrEqual(4);
  });

  test('[pain 10] the conversation opens at the end immediately if that was chosen', { tags: ['wide'] }, async () => {
    const page = await openUnread('&end=1');
    await page.getByRole('article', { name: /#460/ }).waitFor();
    await expect.poll(() => distanceToEnd(page)).toBeLessThanOrEqual(4);
  });
});
