import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openFixture } from './fixture-page.js';
import { scroller, untilStill, wheel } from './message-list.js';

/** Returns the first message wholly in view, and its distance from the upper edge. */
function firstVisible(page: Page): Promise<{ readonly key: string; readonly top: number }> {
  return page.evaluate((selector) => {
    const edge = document.querySelector(selector)?.getBoundingClientRect().top ?? 0;
    const rows = [...document.querySelectorAll<HTMLElement>('article[data-key]')]
      .map((row) => ({
        key: row.dataset['key'] ?? '',
        top: row.querySelector('.bubble')!.getBoundingClientRect().top - edge,
      }))
      .sort((one, other) => one.top - other.top);
    return rows.find((row) => row.top >= 0) ?? { key: '', top: Number.NaN };
  }, scroller);
}

function topOf(page: Page, key: string): Promise<number> {
  return page.evaluate(
    ([selector, wanted]) => {
      const edge = document.querySelector(selector!)?.getBoundingClientRect().top ?? 0;
      const bubble = document.querySelector(`article[data-key="${wanted}"] .bubble`);
      return bubble === null ? Number.NaN : bubble.getBoundingClientRect().top - edge;
    },
    [scroller, key],
  );
}

/** Waits for two frames, after which the page is drawn as it stands. */
const waitUntilDrawn = (page: Page) =>
  page.evaluate(() => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))));

/** Opens a long conversation, and waits until it is at its end. */
async function openLong(query: string, last: RegExp = /#460/, options: BrowserContextOptions = {}): Promise<Page> {
  const { page } = await openFixture(query, options);
  await page.getByRole('article', { name: last }).waitFor();
  await untilStill(page);
  return page;
}

/** Returns the dates drawn within or above the messages, and their distances below the pinned messages. */
function daysBelowPins(page: Page): Promise<readonly { readonly day: string; readonly below: number }[]> {
  return page.evaluate(() => {
    const edge = document.querySelector('.pin-bar')!.getBoundingClientRect().bottom;
    return [...document.querySelectorAll('.floating-day, .day-row')]
      .filter((holder) => getComputedStyle(holder).opacity !== '0')
      .map((holder) => holder.querySelector('.day')!)
      .map((pill) => ({ day: pill.textContent ?? '', below: pill.getBoundingClientRect().top - edge }))
      .filter(({ below }) => below > -40 && below < 60);
  });
}

function distanceToEnd(page: Page): Promise<number> {
  return page.locator(scroller).evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);
}

describe('the message list', () => {
  test('[item 8] [pain 9] prepending history keeps the first visible message within 1 px', async () => {
    const page = await openLong('?view=long');
    for (let round = 0; round < 4; round++) {
      // The next page is inserted by hand, while the reader is in the middle.
      await page.evaluate(() => {
        const timeline = window.fixture.timelines.get(13)!;
        timeline.loadOlder = () => undefined;
      });
      await wheel(page, -1_100);
      const before = await firstVisible(page);
      await page.evaluate(() => window.fixture.timelines.get(13)!.prepend(50));
      const drift: number[] = [];
      for (let frame = 0; frame < 6; frame++) {
        await waitUntilDrawn(page);
        drift.push(Math.abs((await topOf(page, before.key)) - before.top));
      }
      expect(Math.max(...drift)).toBeLessThanOrEqual(1);
    }
  });

  test('[item 8] the list stays in place when its very first row is in view and history is prepended', {
    tags: ['wide'],
  }, async () => {
    const page = await openLong('?view=long');
    await page.evaluate(() => {
      window.fixture.timelines.get(13)!.loadOlder = () => undefined;
    });
    for (let step = 0; step < 8; step++) await wheel(page, -700);
    expect(await page.locator(scroller).evaluate((element) => element.scrollTop)).toBe(0);
    const before = await firstVisible(page);
    await page.evaluate(() => window.fixture.timelines.get(13)!.prepend(50));
    for (let frame = 0; frame < 6; frame++) {
      await waitUntilDrawn(page);
      expect(Math.abs((await topOf(page, before.key)) - before.top)).toBeLessThanOrEqual(1);
    }
  });

  test('[item 8] the list stays in place when a page of history and a new message arrive in one snapshot', {
    tags: ['wide'],
  }, async () => {
    const page = await openLong('?view=long');
    await page.evaluate(() => {
      window.fixture.timelines.get(13)!.loadOlder = () => undefined;
    });
    await wheel(page, -900);
    const before = await firstVisible(page);
    await page.evaluate(() => {
      const timeline = window.fixture.timelines.get(13)!;
      const last = timeline.getSnapshot().rows.at(-1)!;
      timeline.prepend(50, { ...last, key: 'both' });
    });
    for (let frame = 0; frame < 6; frame++) {
      await waitUntilDrawn(page);
      expect(Math.abs((await topOf(page, before.key)) - before.top)).toBeLessThanOrEqual(1);
    }
  });

  test('[item 10] [pain 10] the line above unread messages stays during the visit, and is gone at the next', {
    tags: ['wide'],
  }, async () => {
    const { page } = await openFixture('?lang=en');
    const line = page.locator('.log').getByText('New messages', { exact: true });
    await line.waitFor();
    await expect.poll(() => page.locator('[data-conversation="13"]').getByText('3 unread').count()).toBe(0);
    await page.evaluate(() => window.fixture.receive(13, 'one more'));
    await page.getByRole('article', { name: /one more/ }).waitFor();
    expect(await line.count()).toBe(1);
    await page.locator('[data-conversation="101"]').click();
    await page.getByRole('heading', { level: 1, name: '林晚' }).waitFor();
    await page.locator('[data-conversation="13"]').click();
    await page.getByRole('article', { name: /收到/ }).waitFor();
    expect(await line.count()).toBe(0);
  });

  test('[item 10] a message that arrives in view gets no line above it', { tags: ['wide'] }, async () => {
    const { page } = await openFixture('?lang=en');
    await page.locator('[data-conversation="101"]').click();
    await page.getByRole('heading', { level: 1, name: '林晚' }).waitFor();
    await page.evaluate(() => {
      window.fixture.receive(101, 'now');
      const timeline = window.fixture.timelines.get(101)!;
      timeline.set({ unreadKey: timeline.getSnapshot().rows.at(-1)!.key });
    });
    await page.getByRole('article', { name: /now/ }).waitFor();
    expect(await page.locator('.log').getByText('New messages', { exact: true }).count()).toBe(0);
  });

  test('[item 11] [pain 10] new messages do not move a reader above, and the button counts them', async () => {
    const page = await openLong('?view=long&lang=en');
    await wheel(page, -1_500);
    const before = await firstVisible(page);
    await page.evaluate(() => {
      window.fixture.receive(13, 'one');
      window.fixture.receive(13, 'two');
    });
    await waitUntilDrawn(page);
    expect(Math.abs((await topOf(page, before.key)) - before.top)).toBeLessThanOrEqual(1);
    await page.getByRole('button', { name: '2 new messages' }).click();
    await page.getByRole('article', { name: /two/ }).waitFor();
    await expect.poll(() => distanceToEnd(page)).toBeLessThanOrEqual(4);
    await expect.poll(() => page.locator('.latest').count()).toBe(0);
  });

  test('[item 8] [item 9] [pain 10] the list opens at the end, and stays there when messages arrive, the composer grows and the window shrinks', {
    tags: ['wide'],
  }, async () => {
    const page = await openLong('?view=long&lang=en', /#460/, { deviceScaleFactor: 1.1 });
    expect(await distanceToEnd(page)).toBeLessThanOrEqual(4);
    for (let count = 0; count < 5; count++)
      await page.evaluate((index) => window.fixture.receive(13, `note ${index}`), count);
    await expect.poll(() => distanceToEnd(page)).toBeLessThanOrEqual(4);
    await page.getByRole('textbox', { name: 'Message', exact: true }).fill('1\n2\n3\n4\n5\n6');
    await expect.poll(() => distanceToEnd(page)).toBeLessThanOrEqual(4);
    await page.setViewportSize({ width: 1_000, height: 600 });
    await expect.poll(() => distanceToEnd(page)).toBeLessThanOrEqual(4);
  });

  test('[item 9] a reader who scrolls in the first moment is not taken back to the end', {
    tags: ['wide'],
  }, async () => {
    const { page } = await openFixture('?view=long&open=0');
    await page.evaluate((selector) => {
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      const scrolled = async () => {
        const shown = () => document.querySelector(`${selector} article[data-key="m460"]`);
        while (shown() === null) await frame();
        const element = document.querySelector(selector)!;
        // As a wheel does, while rows that come into view are still being measured.
        for (let turn = 0; turn < 6; turn++) {
          element.dispatchEvent(new WheelEvent('wheel', { deltaY: -150, bubbles: true }));
          element.scrollTop -= 150;
          await frame();
        }
      };
      Object.assign(window, { scrolled: scrolled() });
    }, scroller);
    await page.locator('[data-conversation="13"]').click();
    await page.evaluate(() => (window as unknown as { scrolled: Promise<void> }).scrolled);
    await untilStill(page);
    // Less than it scrolled: rows that come into view may be shorter than estimated.
    expect(await distanceToEnd(page)).toBeGreaterThan(300);
  });

  test('[item 9] a conversation reopens at the position where it was left', { tags: ['wide'] }, async () => {
    const page = await openLong('?view=long&lang=en');
    await wheel(page, -1_300);
    const before = await firstVisible(page);
    await page.locator('[data-conversation="101"]').click();
    await page.getByRole('heading', { level: 1, name: '林晚' }).waitFor();
    await page.locator('[data-conversation="13"]').click();
    await page.locator(`article[data-key="${before.key}"]`).waitFor();
    await expect.poll(async () => Math.abs((await topOf(page, before.key)) - before.top)).toBeLessThanOrEqual(2);
  });

  test('[item 8] filling a gap reached from below moves nothing that was being read', { tags: ['wide'] }, async () => {
    const page = await openLong('?view=long&lang=en');
    await page.evaluate(() => {
      const timeline = window.fixture.timelines.get(13)!;
      timeline.loadOlder = () => undefined;
      timeline.fillGap = () => undefined;
      const { rows } = timeline.getSnapshot();
      timeline.gaps.set('gap', rows.slice(20, 40));
      timeline.set({ rows: [...rows.slice(0, 20), { type: 'gap', key: 'gap', loading: false }, ...rows.slice(40)] });
    });
    const gap = page.getByText('Load messages in between');
    for (let turn = 0; turn < 30 && !(await gap.isVisible()); turn++) await wheel(page, -60);
    // A little further, so that messages above the gap are in view as well.
    await wheel(page, -160);
    const before = { key: 'm441', top: await topOf(page, 'm441') };
    await page.evaluate(() => {
      const timeline = window.fixture.timelines.get(13)!;
      const { rows } = timeline.getSnapshot();
      timeline.set({ rows: rows.flatMap((row) => (row.key === 'gap' ? timeline.gaps.get('gap')! : [row])) });
    });
    for (let frame = 0; frame < 10; frame++) await waitUntilDrawn(page);
    expect(Math.abs((await topOf(page, before.key)) - before.top)).toBeLessThanOrEqual(1);
  });

  test.each([
    ['wide', 1_280, 'Today'],
    ['on a phone', 390, '今天'],
  ])(
    'the day of the messages is not cut by the pinned messages above them, and does not go meanwhile: %s',
    async (_, width, today) => {
      const page = await openLong(`?view=long&lang=${today === 'Today' ? 'en' : 'zh'}`, /#460/, {
        viewport: { width, height: 800 },
      });
      await page.evaluate(() => {
        const timeline = window.fixture.timelines.get(13)!;
        const { rows } = timeline.getSnapshot();
        const before = (row: (typeof rows)[number]) =>
          'sentAt' in row ? { ...row, sentAt: row.sentAt - 86_400_000 } : row;
        const pins = rows.flatMap((row) => (row.type === 'message' ? [row] : [])).slice(-1);
        timeline.set({ rows: [...rows.slice(0, -25).map(before), ...rows.slice(-25)], pins });
      });
      await page.locator('.pin-bar').waitFor();
      const pill = page.locator('.day-row .day', { hasText: today });
      for (let turn = 0; turn < 30 && (await pill.count()) === 0; turn++) await wheel(page, -100);
      const list = page.locator(scroller);
      const toDay = await pill.evaluate(
        (element, selector) =>
          element.getBoundingClientRect().top - document.querySelector(selector)!.getBoundingClientRect().top,
        scroller,
      );
      await list.evaluate((element, by) => element.scrollBy(0, by), toDay - 20);
      for (let step = 0; step < 14; step++) {
        await list.evaluate((element) => element.scrollBy(0, 4));
        await waitUntilDrawn(page);
        await waitUntilDrawn(page);
        const days = await daysBelowPins(page);
        expect(days.map(({ day }) => day)).toContain(today);
        expect(Math.min(...days.map(({ below }) => below))).toBeGreaterThanOrEqual(0);
      }
    },
  );

  test('[item 40] 50,000 messages scroll from end to start without an empty frame', { tags: ['wide'] }, async () => {
    const page = await openLong('?view=many', /#50000/);
    const empty = await page.locator(scroller).evaluate(async (element) => {
      let count = 0;
      element.dispatchEvent(new WheelEvent('wheel'));
      for (let frame = 0; frame < 120; frame++) {
        element.scrollTop -= 700;
        await new Promise((done) => requestAnimationFrame(done));
        const box = element.getBoundingClientRect();
        const shown = [...element.querySelectorAll('article')].some((row) => {
          const at = row.getBoundingClientRect();
          return at.bottom > box.top + 60 && at.top < box.bottom - 60;
        });
        if (!shown) count += 1;
      }
      element.scrollTop = 0;
      return count;
    });
    expect(empty).toBe(0);
    await page.locator('article[data-key="m1"]').waitFor();
  });
});
