import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { servePage } from '../../../apps/web/scripts/serve-page.mjs';

const configFile = fileURLToPath(new URL('../../../apps/web/fixtures/vite.config.ts', import.meta.url));

/** The page over its fixture, built as for production and served under the chat server's content security policy. */
export interface FixturePage {
  /** Opens a view in a fresh browser profile. Errors and policy violations are gathered in `problems`. */
  open(
    query: string,
    options?: BrowserContextOptions,
  ): Promise<{ readonly page: Page; readonly problems: readonly string[] }>;
  close(): Promise<void>;
}

export async function startFixturePage(): Promise<FixturePage> {
  const directory = await mkdtemp(join(tmpdir(), 'everywire-fixture-'));
  await build({ configFile, build: { outDir: directory }, logLevel: 'error' });
  const server = await servePage(directory);
  const browser: Browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
  return {
    open: async (query, options = {}) => {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', ...options });
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
      });
      await page.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', (event) => {
          console.error(
            `policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`,
          );
        });
      });
      await page.goto(`${server.origin}/${query}`);
      await page.locator('.columns, .sign-in').first().waitFor();
      return { page, problems };
    },
    close: async () => {
      await browser.close();
      await server.close();
      await rm(directory, { recursive: true });
    },
  };
}
