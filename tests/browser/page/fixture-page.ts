import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { build } from 'vite';
import { servePage } from '../../../apps/web/scripts/serve-page.mjs';
import { launchChromium } from '../launch-chromium.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const cache = join(root, '.cache/page-fixture');

/** The page over its fixture, built as for production and served under the chat server's content security policy. */
export interface FixturePage {
  /** Opens a view in a fresh browser profile. Errors and policy violations are gathered in `problems`. */
  open(
    query: string,
    options?: BrowserContextOptions,
  ): Promise<{ readonly page: Page; readonly problems: readonly string[] }>;
  close(): Promise<void>;
}

/** @param args what Chromium is to be given besides */
export async function startFixturePage(...args: readonly string[]): Promise<FixturePage> {
  const server = await servePage(await builtFixture());
  const browser: Browser = await launchChromium(...args);
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
    },
  };
}

/** The test files run side by side and need the same build: the first to finish it leaves it to the others and to the next run. */
async function builtFixture(): Promise<string> {
  const directory = join(cache, fingerprint());
  if (existsSync(directory)) return directory;
  await mkdir(cache, { recursive: true });
  const unfinished = await mkdtemp(join(cache, 'building-'));
  await build({
    configFile: join(root, 'apps/web/fixtures/vite.config.ts'),
    build: { outDir: unfinished },
    logLevel: 'error',
  });
  try {
    await rename(unfinished, directory);
  } catch {
    // Another test file was faster; what it built is the same.
    await rm(unfinished, { recursive: true });
  }
  return directory;
}

/** Names, sizes and times of every file the fixture is built from. */
function fingerprint(): string {
  const hash = createHash('sha256');
  for (const folder of ['apps/web', 'packages/chat-client/src', 'packages/client/src', 'packages/chat/src']) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || path.includes('/dist/') || path.includes('/node_modules/')) continue;
      const { size, mtimeMs } = statSync(path);
      hash.update(`${path} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex').slice(0, 16);
}
