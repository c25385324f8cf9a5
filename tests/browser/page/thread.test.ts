import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openFixture } from './fixture-page.js';
import { untilStill } from './message-list.js';

const thread = (page: Page) => page.getByRole('region', { name: /^Thread in / });
const conversation = (page: Page) => page.locator('.pane:not(.thread-pane)');
const composerOf = (pane: ReturnType<typeof thread>) => pane.getByRole('textbox');
const isFocused = (field: ReturnType<typeof thread>) => field.evaluate((element) => element === document.activeElement);

/** Waits for two frames, after which the page is drawn as it stands. */
const waitUntilDrawn = (page: Page) =>
  page.evaluate(() => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))));

/** Opens the page of made-up data, and waits until its messages stand still. */
async function openPage(options = {}): Promise<Page> {
  const { page } = await openFixture('?view=rich&lang=en', options);
  // A list that still moves would take the button from under the pointer.
  await untilStill(page);
  await page.getByRole('button', { name: '3 replies 2 new' }).click();
  await thread(page).getByRole('article').nth(3).waitFor();
  return page;
}

describe('a thread', () => {
  test('a thread opens next to its conversation with its root and its replies, and is marked read', async () => {
    const page = await openPage();
    const texts = () => thread(page).locator('.bubble').allInnerTexts();
    await expect
      .poll(async () => (await texts()).slice(1))
      .toEqual(['南门现在能停车吗？', '能，靠右第二排。', 'See you there at 4:30 then.']);
    expect((await texts())[0]).toContain('最低潮 4:50');
    const sides = await page.evaluate(() =>
      ['.panes > .pane', '.thread-pane'].map((name) => document.querySelector(name)!.getBoundingClientRect().left),
    );
    expect(sides[0]).toBeLessThan(sides[1] ?? 0);
    expect(await conversation(page).isVisible()).toBe(true);
    const calls = () => page.evaluate(() => window.fixture.openThreads.get('13/3')!.calls);
    await expect.poll(calls).toContain('markRead Infinity');
    // A thread does not offer to open itself.
    expect(await thread(page).locator('.replies').count()).toBe(0);
  });

  test('a thread has its own composer, whose text is kept, and is no draft of the conversation', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    await expect.poll(() => isFocused(composerOf(thread(page)))).toBe(true);
    await page.keyboard.type('half a reply');
    expect(await composerOf(conversation(page)).inputValue()).toBe('');
    // The text is kept when the field loses focus.
    await composerOf(conversation(page)).focus();
    await waitUntilDrawn(page);
    expect(await composerOf(thread(page)).inputValue()).toBe('half a reply');
    await thread(page).getByRole('button', { name: 'Close thread panel' }).last().click();
    await page.getByRole('button', { name: '3 replies 2 new' }).click();
    expect(await composerOf(thread(page)).inputValue()).toBe('half a reply');
    await page.reload();
    // The thread is part of the address.
    await expect.poll(() => composerOf(thread(page)).inputValue()).toBe('half a reply');
    await composerOf(thread(page)).press('Enter');
    await expect.poll(() => page.evaluate(() => localStorage.getItem('everywire.thread-drafts'))).toBeNull();
    const calls = () => page.evaluate(() => window.fixture.openThreads.get('13/3')!.calls);
    await expect.poll(calls).toContain('send half a reply quote  files 0');
    expect(await page.evaluate(() => window.fixture.timelines.get(13)!.calls.join())).not.toContain('send');
  });

  test("[item 37] a thread closes with Esc and with Back, and the conversation's composer is focused again", {
    tags: ['wide'],
  }, async () => {
    const page = await openPage();
    await expect.poll(() => isFocused(composerOf(thread(page)))).toBe(true);
    await page.keyboard.press('Escape');
    await expect.poll(() => thread(page).count()).toBe(0);
    await expect.poll(() => isFocused(composerOf(conversation(page)))).toBe(true);
    await page.getByRole('button', { name: '3 replies 2 new' }).click();
    await thread(page).waitFor();
    await page.goBack();
    await expect.poll(() => thread(page).count()).toBe(0);
    expect(new URL(page.url()).hash).toBe('#/c/13');
  });

  test('at 1280 px a thread takes the column of the details, which return when it closes', {
    tags: ['wide'],
  }, async () => {
    const page = await openPage({ viewport: { width: 1_280, height: 800 } });
    const details = page.getByRole('complementary', { name: 'Details' });
    expect([await conversation(page).isVisible(), await details.count()]).toEqual([true, 0]);
    await page.keyboard.press('Escape');
    await details.waitFor();
    await page.getByRole('button', { name: '3 replies' }).click();
    await thread(page).waitFor();
    await page.getByRole('button', { name: 'Show details' }).click();
    await details.waitFor();
    expect(await thread(page).count()).toBe(0);
  });

  test('a thread covers the conversation on a phone', { tags: ['wide'] }, async () => {
    const page = await openPage({ viewport: { width: 390, height: 844 } });
    const box = await thread(page).boundingBox();
    expect([box?.x, box?.width, box?.height]).toEqual([0, 390, 844]);
    expect(await conversation(page).isVisible()).toBe(false);
    await thread(page).getByRole('button', { name: 'Close thread panel' }).click();
    await expect.poll(() => conversation(page).isVisible()).toBe(true);
  });

  test('a thread begins from the menu of any message; a link to a reply opens it there', {
    tags: ['wide'],
  }, async () => {
    const { page } = await openFixture('?view=rich&lang=en');
    await page.locator('[data-key="m4"]').focus();
    await page.locator('[data-key="m4"]').getByRole('button', { name: 'More actions' }).press('Enter');
    await page.getByRole('menuitem', { name: 'Reply in thread' }).click();
    await thread(page).waitFor();
    expect(new URL(page.url()).hash).toBe('#/c/13/t/4');
    await page.evaluate(() => {
      location.hash = '#/c/13/t/3/m/3002';
    });
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-key'))).toBe('m3002');
  });

  test('followed threads are in a list over all conversations, with unread counts, and open from there', {
    tags: ['wide'],
  }, async () => {
    const { page } = await openFixture('?view=talks&lang=en');
    await page.getByRole('button', { name: 'Followed threads, 4 unread' }).click();
    const dialog = page.getByRole('dialog', { name: 'Followed threads' });
    const rows = dialog.getByRole('list', { name: 'Followed threads' }).getByRole('button');
    await rows.nth(2).waitFor();
    expect(await rows.nth(0).textContent()).toContain('4 unread');
    expect(await rows.nth(2).textContent()).toContain('Started before you joined');
    // An Arabic name does not flip the direction of the message's line.
    const line = rows.nth(2).locator('small').last();
    expect(await line.textContent()).toBe('نور الهاشمي: deleted a message');
    expect(await line.evaluate((element) => getComputedStyle(element).direction)).toBe('ltr');
    // Read on another device: it is fetched again.
    await page.evaluate(() => window.fixture.change(15, { threadsUnread: 0 }));
    await expect.poll(() => rows.nth(0).textContent()).not.toContain('unread');
    await rows.nth(0).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await thread(page).getByText('See you there at 4:30 then.').waitFor();
    expect(new URL(page.url()).hash).toBe('#/c/13/t/3');
    await expect.poll(() => isFocused(composerOf(thread(page)))).toBe(true);
  });
});
