import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FixturePage, startFixturePage } from './fixture-page.js';

let fixture: FixturePage;
beforeAll(async () => {
  fixture = await startFixturePage();
});
afterAll(() => fixture.close());

const row = (page: Page, key: string) => page.locator(`[data-key="${key}"]`);
const focusedKey = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('data-key'));

/** The whole row is between the edges of the list, which stand on whole pixels where rows do not. */
function inView(page: Page, key: string): Promise<boolean> {
  // A list has no row that is far from what it shows.
  return row(page, key).evaluateAll(([element]) => {
    if (element === undefined) return false;
    const { top, bottom } = element.getBoundingClientRect();
    const edges = element.closest('.scroll')!.getBoundingClientRect();
    return top > edges.top - 1 && bottom < edges.bottom + 1;
  });
}

async function long(hash = ''): Promise<Page> {
  const { page } = await fixture.open(`?view=long&lang=en${hash}`);
  await page.locator('article').first().waitFor();
  return page;
}

/** The list stands at its end, as it does when a conversation opens. */
const atEnd = (page: Page) => expect.poll(() => inView(page, 'm460')).toBe(true);

/** As a link, a pin or a hit of the search does. */
const goTo = (page: Page, sequence: number) =>
  page.evaluate((wanted) => {
    location.hash = `#/c/13/m/${wanted}`;
  }, sequence);

describe('[item 12] going to a message', () => {
  test('fetches what is around it, puts it in view, marks it for a while, and gives it the focus', async () => {
    const page = await long();
    await atEnd(page);
    await goTo(page, 120);
    await row(page, 'm120').waitFor();
    await expect.poll(() => inView(page, 'm120')).toBe(true);
    expect(await focusedKey(page)).toBe('m120');
    expect(await row(page, 'm120').getAttribute('class')).toContain('marked');
    await expect.poll(() => row(page, 'm120').getAttribute('class'), { timeout: 4_000 }).not.toContain('marked');
    // A reload, or Back, does not go there again.
    expect(new URL(page.url()).hash).toBe('#/c/13');
    await page.context().close();
  });

  test('there is a way back to where one was, and it goes when one is back at the end', async () => {
    const page = await long();
    await atEnd(page);
    await page.locator('.log-frame > .scroll').hover();
    // A list that is still being laid out goes back to its end.
    const left = async (): Promise<boolean> => {
      await page.mouse.wheel(0, -1_500);
      await page.waitForTimeout(300);
      return !(await inView(page, 'm460'));
    };
    await expect.poll(left, { timeout: 10_000 }).toBe(true);
    const before = await page.evaluate(() => {
      const edge = document.querySelector('.log-frame > .scroll')!.getBoundingClientRect().top;
      const rows = [...document.querySelectorAll('article[data-key]')];
      return rows.find((element) => element.getBoundingClientRect().top >= edge)!.getAttribute('data-key')!;
    });
    await goTo(page, 120);
    await expect.poll(() => focusedKey(page)).toBe('m120');
    await page.getByRole('button', { name: 'Back to where I was' }).click();
    await row(page, before).waitFor();
    await expect.poll(() => inView(page, before)).toBe(true);
    expect(await page.getByRole('button', { name: 'Back to where I was' }).count()).toBe(0);
    await page.context().close();
  });

  test('a gap below is filled from the end one reads at', async () => {
    const page = await long();
    await atEnd(page);
    await page.evaluate(() => {
      const timeline = window.fixture.timelines.get(13)!;
      timeline.fillGap = (key, from) => void timeline.calls.push(`fill ${key} ${from}`);
    });
    await goTo(page, 120);
    await expect.poll(() => focusedKey(page)).toBe('m120');
    const calls = () =>
      page.evaluate(() => window.fixture.timelines.get(13)!.calls.filter((call) => call.startsWith('fill ')));
    await page.locator('.log-frame > .scroll').hover();
    for (let turn = 0; turn < 60 && (await calls()).length === 0; turn++) {
      await page.mouse.wheel(0, 120);
      await page.waitForTimeout(30);
    }
    await expect.poll(calls).toContain('fill gap-120 older');
    expect(await calls()).not.toContain('fill gap-120 newer');
    await page.context().close();
  });

  test('a link opens the conversation there', async () => {
    const page = await long('#/c/13/m/77');
    await expect.poll(() => focusedKey(page)).toBe('m77');
    expect(await inView(page, 'm77')).toBe(true);
    await page.context().close();
  });

  test('what is not there any more is said, and nothing moves', async () => {
    const page = await long();
    await atEnd(page);
    await goTo(page, 99_999);
    await page.getByRole('alert').getByText('This message was deleted, or you may not see it').waitFor();
    expect(await inView(page, 'm460')).toBe(true);
    await page.context().close();
  });

  test('[item 18] a quote leads to what it quotes, by the pointer and by keys', async () => {
    const { page } = await fixture.open('?view=rich&lang=en');
    await row(page, 'm5').focus();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('quote');
    await page.keyboard.press('Enter');
    await expect.poll(() => focusedKey(page)).toBe('m3');
    await page.context().close();
  });
});
