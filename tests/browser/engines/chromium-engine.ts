import type { Page } from 'playwright-core';
import { launchChromium } from '../launch-chromium.js';
import { type Engine, testHost } from './engine.js';

/** Opens Debian's Chromium, which accepts the test certificates. */
export async function openChromium(): Promise<Engine> {
  const browser = await launchChromium(
    '--ignore-certificate-errors',
    `--host-resolver-rules=MAP ${testHost} 127.0.0.1`,
  );
  let page: Page | undefined;
  return {
    name: 'chromium',
    async open(url) {
      await page?.context().close();
      page = await (await browser.newContext()).newPage();
      await page.goto(url);
    },
    evaluate: <T>(expression: string) => page?.evaluate(expression) as Promise<T>,
    close: () => browser.close(),
  };
}
