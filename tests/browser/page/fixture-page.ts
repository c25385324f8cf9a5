import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { servePage } from '../../../apps/web/scripts/serve-page.mjs';
import { launchChromium } from '../launch-chromium.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** Where builds of the page are stored. */
const cache = join(root, '.cache/page-fixture');

/** An open view of the page. */
interface OpenedPage {
  readonly page: Page;
  /** Errors, warnings and violations of the policy. */
  readonly problems: readonly string[];
}

/** Started with the first opened view; both end with the test process. */
let started: Promise<{ readonly browser: Browser; readonly origin: string }> | undefined;

async function start(): Promise<{ readonly browser: Browser; readonly origin: string }> {
  const { origin } = await servePage(await builtFixture());
  // A fake microphone is used, never the machine's own.
  const browser = await launchChromium('--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream');
  return { browser, origin };
}

/**
 * Opens a view of the page over its fixture, built as for production and served with the chat server's content security
 * policy, in a fresh browser profile. `prepare` runs before the page loads. Closes the profile when the test has ended.
 */
export async function openFixture(
  query: string,
  options: BrowserContextOptions = {},
  prepare?: (page: Page) => Promise<void>,
): Promise<OpenedPage> {
  started ??= start();
  const { browser, origin } = await started;
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', ...options });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
    });
  });
  await prepare?.(page);
  await page.goto(`${origin}/${query}`);
  await page.locator('.columns, .sign-in').first().waitFor();
  return { page, problems };
}

/** Returns the directory of the built page. A build is reused by later files and runs until a source changes. */
async function builtFixture(): Promise<string> {
  const directory = join(cache, fingerprint());
  if (existsSync(directory)) return directory;
  await mkdir(cache, { recursive: true });
  const { build } = await import('vite');
  const unfinished = await mkdtemp(join(cache, 'building-'));
  await build({
    configFile: join(root, 'apps/web/fixtures/vite.config.ts'),
    build: { outDir: unfinished },
    logLevel: 'error',
  });
  try {
    await rename(unfinished, directory);
  } catch {
    // Another process was faster; its build is the same.
    await rm(unfinished, { recursive: true });
  }
  return directory;
}

/** Returns the names, sizes and times of every source file of the fixture. */
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
