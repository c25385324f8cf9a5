import { type Browser, chromium } from 'playwright-core';

/** What a page may take for one step: far above what it takes on a busy machine, below the deadline of a test. */
const STEP_DEADLINE_MS = 60_000;

/** Debian's Chromium, or the one that `CHROMIUM` names, quiet towards the network. @param args what this test needs besides */
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
