import type { Page } from 'playwright-core';

/** The scrolling element of the message list. */
export const scroller = '.log-frame > .scroll';

/**
 * Waits until the list has not moved for 15 frames. If `from` is above 0, first waits until the list has left this position,
 * for at most 120 frames.
 */
export function untilStill(page: Page, from = -1): Promise<void> {
  return page.locator(scroller).evaluate(async (element, start) => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    for (let waited = 0; element.scrollTop === start && start > 0 && waited < 120; waited++) await frame();
    for (let still = 0, last = Number.NaN; still < 15; still = element.scrollTop === last ? still + 1 : 0) {
      last = element.scrollTop;
      await frame();
    }
  }, from);
}

/** Turns the wheel over the list, and waits until the list has stopped. */
export async function wheel(page: Page, deltaY: number): Promise<void> {
  const element = page.locator(scroller);
  await element.hover();
  const from = await element.evaluate((list) => list.scrollTop);
  await page.mouse.wheel(0, deltaY);
  await untilStill(page, from);
}
