import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openFixture } from './fixture-page.js';
import { untilStill, wheel } from './message-list.js';

const row = (page: Page, key: string) => page.locator(`[data-key="${key}"]`);
const focusedKey = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('data-key'));

/** Returns whether the whole row is between the edges of the list, which are on whole pixels while rows are not. */
function inView(page: Page, key: string): Promise<boolean> {
  // The list has no row that is far from its visible part.
  return row(page, key).evaluateAll(([element]) => {
    if (element === undefined) return false;
    const { top, bottom } = element.getBoundingClientRect();
    const edges = element.closest('.scroll')!.getBoundingClientRect();
    return top > edges.top - 1 && bottom < edges.bottom + 1;
  });
}

/** Returns the pixels from the upper edge of the list to the row. */
const belowEdge = (page: Page, key: string) =>
  row(page, key).evaluateAll(([element]) => {
    if (element === undefined) return null;
    const edge = element.closest('.scroll')!.getBoundingClientRect().top;
    return Math.round(element.getBoundingClientRect().top - edge);
  });

/** Opens the long conversation. */
async function openLong(hash = ''): Promise<Page> {
  const { page } = await openFixture(`?view=long&lang=en${hash}`);
  await page.locator('article').first().waitFor();
  return page;
}

/** Records the keys of highlighted rows in `window.marked`: a highlight disappears by itself. */
const noteMarked = (page: Page) =>
  page.evaluate(() => {
    window.marked = [];
    new MutationObserver(() => {
      for (const element of document.querySelectorAll<HTMLElement>('[data-key].marked')) {
        const key = element.dataset['key'] ?? '';
        if (!window.marked.includes(key)) window.marked.push(key);
      }
    }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['class'] });
  });

/** Waits until the list is at its end, as when a conversation opens. */
const atEnd = (page: Page) => expect.poll(() => inView(page, 'm460')).toBe(true);

/** Goes to a message as a link, a pin or a search result does. */
const goTo = (page: Page, sequence: number) =>
  page.evaluate((wanted) => {
    location.hash = `#/c/13/m/${wanted}`;
  }, sequence);

describe('[item 12] going to a message', () => {
  test('a jump to a message fetches its surroundings, brings it into view, highlights it for a while, and focuses it', async () => {
    const page = await openLong();
    await atEnd(page);
    await noteMarked(page);
    await goTo(page, 120);
    await row(page, 'm120').waitFor();
    await expect.poll(() => inView(page, 'm120')).toBe(true);
    expect(await focusedKey(page)).toBe('m120');
    await expect.poll(() => page.evaluate(() => window.marked)).toEqual(['m120']);
    await expect.poll(() => row(page, 'm120').getAttribute('class')).not.toContain('marked');
    // A reload, or Back, does not jump again.
    expect(new URL(page.url()).hash).toBe('#/c/13');
  });

  test('a jump offers a way back, which disappears at the end of the list', {
    tags: ['wide'],
  }, async () => {
    const page = await openLong();
    await atEnd(page);
    await untilStill(page);
    await wheel(page, -1_500);
    expect(await inView(page, 'm460')).toBe(false);
    const before = await page.evaluate(() => {
      const edge = document.querySelector('.log-frame > .scroll')!.getBoundingClientRect().top;
      const rows = [...document.querySelectorAll('article[data-key]')];
      return rows.find((element) => element.getBoundingClientRect().top >= edge)!.getAttribute('data-key')!;
    });
    await goTo(page, 120);
    await expect.poll(() => focusedKey(page)).toBe('m120');
    await page.getByRole('button', { name: 'Back to where you were' }).click();
    await row(page, before).waitFor();
    await expect.poll(() => inView(page, before)).toBe(true);
    expect(await page.getByRole('button', { name: 'Back to where you were' }).count()).toBe(0);
  });

  test('a gap below is filled from the end that is being read', { tags: ['wide'] }, async () => {
    const page = await openLong();
    await atEnd(page);
    await page.evaluate(() => {
      const timeline = window.fixture.timelines.get(13)!;
      timeline.fillGap = (key, from) => void timeline.calls.push(`fill ${key} ${from}`);
    });
    await goTo(page, 120);
    await expect.poll(() => focusedKey(page)).toBe('m120');
    const calls = () =>
      page.evaluate(() => window.fixture.timelines.get(13)!.calls.filter((call) => call.startsWith('fill ')));
    for (let turn = 0; turn < 60 && (await calls()).length === 0; turn++) await wheel(page, 120);
    await expect.poll(calls).toContain('fill gap-120 older');
    expect(await calls()).not.toContain('fill gap-120 newer');
  });

  test('a link opens the conversation at the message', { tags: ['wide'] }, async () => {
    const page = await openLong('#/c/13/m/77');
    await expect.poll(() => focusedKey(page)).toBe('m77');
    await expect.poll(() => inView(page, 'm77')).toBe(true);
  });

  test('on a device with slow frames, a link opens the conversation at the message too', {
    tags: ['wide'],
  }, async () => {
    const { page } = await openFixture('?view=rich&lang=en');
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: 12 });
    const { origin } = new URL(page.url());
    await page.goto('about:blank');
    await page.goto(`${origin}/?view=long&lang=en#/c/13/m/77`);
    await expect.poll(() => focusedKey(page)).toBe('m77');
    // Also after all rows that came into view are measured.
    await expect.poll(() => belowEdge(page, 'm77')).toBe(160);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1_000)));
    expect(await belowEdge(page, 'm77')).toBe(160);
  });

  test('a jump to a deleted message shows a notice, and nothing moves', { tags: ['wide'] }, async () => {
    const page = await openLong();
    await atEnd(page);
    await goTo(page, 99_999);
    await page.getByRole('alert').getByText('This message was deleted or you can’t see it').waitFor();
    // The alert takes space from the list, which then scrolls to its end again.
    await atEnd(page);
  });

  test('[item 18] a quote leads to its message, by the pointer and by keyboard', { tags: ['wide'] }, async () => {
    const { page } = await openFixture('?view=rich&lang=en');
    await row(page, 'm5').focus();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('quote');
    await page.keyboard.press('Enter');
    await expect.poll(() => focusedKey(page)).toBe('m3');
  });
});
