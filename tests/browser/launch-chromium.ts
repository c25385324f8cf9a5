import { type Browser, chromium } from 'playwright-core';

/** The most milliseconds for one step of a page. Far more than needed, but less than the timeout of a test. */
const STEP_DEADLINE_MS = 60_000;

/** Launches Debian's Chromium, or the one in `CHROMIUM`, without background network traffic. `args` are further arguments. */
export async function launchChromium(...args: readonly string[]): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    timeout: STEP_DEADLINE_MS,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...args,
    ],
  });
  browser.on('context', (context) => context.setDefaultTimeout(STEP_DEADLINE_MS));
  return browser;
}
