/**
 * @module-tag wide: tests/chat-server tests the suspension and deletion of people; this is an administrator's way
 * through the page.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ServerProcess } from '../../durability/server-process.js';
import { launchChromium } from '../launch-chromium.js';

const view: BrowserContextOptions = { viewport: { width: 1300, height: 1_000 }, locale: 'en-US' };
const password = 'correct horse battery staple';
/** The directory for screenshots of the page, if any. */
const pictures = process.env['EVERYWIRE_SCREENSHOTS'];
const data = mkdtempSync(join(tmpdir(), 'everywire-offboarding-'));
const server = new ServerProcess(data, {});
let browser: Browser;

beforeAll(async () => {
  await server.start().started;
  browser = await launchChromium();
});
afterAll(async () => {
  await Promise.all([browser?.close(), server.stop()]);
  rmSync(data, { recursive: true, force: true });
});

async function open(address: string, options = view): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage();
  await page.goto(address);
  return page;
}

const picture = async (page: Page, name: string): Promise<void> => {
  if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${name}.png`) });
};

async function register(name: string, displayName: string): Promise<Page> {
  const page = await open(server.url);
  await page.getByRole('button', { name: 'Create an account' }).click();
  await page.getByLabel('Username').fill(name);
  await page.getByLabel('Display name').fill(displayName);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  await inside(page);
  return page;
}

const inside = (page: Page): Promise<void> => page.getByRole('navigation', { name: 'Conversations' }).waitFor();
const isFocused = (page: Page, name: string): Promise<boolean> =>
  page.getByRole('button', { name, exact: true }).evaluate((at) => at === document.activeElement);

it('an administrator suspends, reactivates, signs out and deletes a person by keyboard, who is signed out each time', async () => {
  const setUp = /(http\S+#\/setup\/\S+)/;
  await expect.poll(() => server.lines).toMatch(setUp);
  const root = await open(setUp.exec(server.lines)?.[1] ?? '');
  await root.getByLabel('Username').fill('root');
  await root.getByLabel('Password', { exact: true }).fill(password);
  await root.getByRole('button', { name: 'Register' }).click();
  await inside(root);
  const dora = await register('dora', 'Dora Maier');
  await register('emil', 'Emil');

  await root.getByRole('button', { name: 'Settings' }).click();
  await root.getByRole('tab', { name: 'People' }).click();
  await root.getByLabel('Search people').fill('dor');
  const item = root.locator('.administered > li');
  await expect.poll(() => item.count()).toBe(1);
  await item.locator('summary').focus();
  await root.keyboard.press('Enter');
  await item.getByText('Online,').waitFor();
  await picture(root, 'wide-light-en');
  await root.keyboard.press('Tab');
  expect(await isFocused(root, 'Suspend')).toBe(true);
  await root.keyboard.press('Enter');
  await root.getByRole('status').getByText('Dora Maier is suspended and signed out.').waitFor();
  await item.getByText('Suspended', { exact: true }).waitFor();
  const signIn = async () => {
    await dora.getByLabel('Username').fill('dora');
    await dora.getByLabel('Password', { exact: true }).fill(password);
    await dora.getByRole('button', { name: 'Sign in', exact: true }).click();
  };
  await dora.getByLabel('Username').waitFor();
  await signIn();
  await dora.getByRole('alert').getByText('This account is suspended').waitFor();

  await item.getByRole('button', { name: 'Reactivate' }).click();
  await root.getByRole('status').getByText('Dora Maier can sign in again.').waitFor();
  await signIn();
  await inside(dora);
  await item.getByRole('button', { name: 'Sign out everywhere' }).click();
  await dora.getByLabel('Username').waitFor();
  await item.getByText('Not signed in anywhere').waitFor();

  await item.getByRole('button', { name: 'Delete account…' }).focus();
  await root.keyboard.press('Enter');
  const dialog = root.getByRole('dialog', { name: 'Delete the account of Dora Maier?' });
  await dialog.waitFor();
  await picture(root, 'wide-light-en-delete');
  await root.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await expect.poll(() => isFocused(root, 'Delete account…')).toBe(true);
  await root.keyboard.press('Enter');
  await dialog.getByRole('radio', { name: 'Remove' }).click();
  await dialog.getByText('removed from every conversation').waitFor();
  await dialog.getByRole('button', { name: 'Delete account', exact: true }).click();
  await root.getByRole('status').getByText('The account of Dora Maier is deleted.').waitFor();
  await expect.poll(() => item.count()).toBe(0);
  await expect.poll(() => root.getByLabel('Search people').evaluate((at) => at === document.activeElement)).toBe(true);
  await signIn();
  await dora.getByRole('alert').getByText('Wrong username or password').waitFor();
  await root.getByLabel('Search people').fill('');
  await picture(root, 'wide-light-en-all');
  await root.setViewportSize({ width: 390, height: 780 });
  await root.emulateMedia({ colorScheme: 'dark' });
  await item.last().locator('summary').click();
  await item.getByRole('list', { name: 'Devices of' }).first().waitFor({ state: 'attached' });
  await picture(root, 'phone-dark-en');
});
