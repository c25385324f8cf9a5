/** @module-tag wide: tests/chat-server tests accounts; this is their way through the page. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret, TOTP } from 'otpauth';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ServerProcess } from '../../durability/server-process.js';
import { launchChromium } from '../launch-chromium.js';

/*
 * Accounts in the page: the link of the first start, invitations, guests, the second factor, devices, a forgotten
 * password.
 */

const view: BrowserContextOptions = { viewport: { width: 1300, height: 1_200 }, locale: 'en-US' };
const password = 'correct horse battery staple';
const problems: string[] = [];
let data: string;
let server: ServerProcess;
let browser: Browser;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'everywire-accounts-'));
  server = new ServerProcess(data, { EVERYWIRE_REGISTRATION: 'invitation' });
  await server.start().started;
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(data, { recursive: true, force: true });
});

async function open(address: string): Promise<Page> {
  const page = await (await browser.newContext(view)).newPage();
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) problems.push(message.text());
  });
  await page.goto(address);
  return page;
}

async function said(line: RegExp): Promise<string> {
  await expect.poll(() => server.lines).toMatch(line);
  return line.exec(server.lines)?.[1] ?? '';
}

async function settings(page: Page, tab: string): Promise<void> {
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('tab', { name: tab }).click();
}

async function signIn(page: Page, chosen: string): Promise<void> {
  await page.getByLabel('Username').fill('root');
  await page.getByLabel('Password', { exact: true }).fill(chosen);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** The loaded pictures of people within a part of the page. */
const shown = (page: Page, part: string) => page.locator(`${part} .avatar img[data-state="there"]`);

/** Tries a file that is no picture, then sets a picture and removes it; the other person sees each change. */
async function wearPicture(page: Page, other: Page): Promise<void> {
  const form = page.getByRole('form', { name: 'Profile' });
  const file = form.locator('input[type=file]');
  await file.setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await form.getByText('me.png (not saved)').waitFor();
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByRole('alert').getByText('Can’t read this image').waitFor();
  await form.getByRole('button', { name: 'Cancel' }).click();
  const png = sharp({ create: { width: 600, height: 300, channels: 3, background: '#b4460f' } }).png();
  await file.setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: await png.toBuffer() });
  await expect.poll(() => shown(page, 'form').getAttribute('src')).toMatch(/^blob:/);
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByRole('status').getByText('Saved').waitFor();
  await expect.poll(() => shown(page, 'form').getAttribute('src')).toMatch(/^\/api\/files\/avatars\//);
  expect(await form.getByRole('button', { name: 'Choose photo' }).evaluate((at) => at === document.activeElement)).toBe(
    true,
  );
  await shown(page, '.foot').waitFor();
  await page.reload();
  await shown(page, '.foot').waitFor();

  await other.reload();
  await shown(other, '.conversation').waitFor();
  await other.locator('.conversation').first().click();
  await shown(other, '.group.other').waitFor();
  expect(await other.locator('.group.other .avatar').first().getAttribute('aria-hidden')).toBe('true');

  await settings(page, 'Account');
  await form.getByRole('button', { name: 'Remove photo' }).click();
  await form.getByText('Photo removed.').waitFor();
  await expect.poll(() => page.locator('.avatar img').count()).toBe(0);
  // The other page updates immediately, wherever it shows the person.
  await expect.poll(() => other.locator('.avatar img').count()).toBe(0);
}

const inside = (page: Page): Promise<void> => page.getByRole('navigation', { name: 'Conversations' }).waitFor();

it('the page leads from the first start to a guest who talks, a second factor and a new password', async () => {
  const root = await open(await said(/(http:\S+\/#\/setup\/ewl_\S+)/));
  await root.getByRole('heading', { name: 'Become the admin of Everywire' }).waitFor();
  expect(root.url()).not.toContain('ewl_');
  await root.getByLabel('Username').fill('root');
  await root.getByLabel('Password', { exact: true }).fill(password);
  await root.getByRole('button', { name: 'Register' }).click();
  await inside(root);

  await settings(root, 'Invitations');
  await root.getByRole('radio', { name: 'People with an invite', checked: true }).waitFor();
  const form = root.getByRole('form', { name: 'Invite link for guests' });
  await form.getByRole('button', { name: 'Create link' }).click();
  const guest = await open((await form.getByText('/#/join/').textContent()) ?? '');
  await root.getByText(/0 of 10 used/).waitFor();
  await guest.getByRole('heading', { name: 'root invited you to chat on Everywire' }).waitFor();
  await guest.getByLabel('Display name').fill('Gül');
  await guest.getByRole('button', { name: 'Join' }).click();
  await guest.getByRole('navigation', { name: 'Conversations' }).getByText('root').first().click();
  const composer = guest.getByLabel('Message', { exact: true });
  await composer.fill('hello');
  await composer.press('Enter');
  await root.getByRole('button', { name: 'Close' }).click();
  await root.getByRole('navigation', { name: 'Conversations' }).getByText('hello').waitFor();
  await settings(guest, 'Account');
  await wearPicture(guest, root);
  // The invitation created a conversation of two.
  await root.locator('.service', { hasText: 'The conversation starts here' }).waitFor();
  await guest.getByLabel('Username').fill('guel');
  await guest.getByLabel('Password', { exact: true }).fill(password);
  await guest.getByRole('button', { name: 'Create account' }).click();
  await guest.getByText('You need an invite to register').waitFor();

  await fetch(`${server.url}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'root', password, label: 'A script' }),
  });
  await settings(root, 'Security');
  await root.getByText(/^Last used .*, API access$/).waitFor();
  await root.getByLabel('Current password').fill('not that one');
  await root.getByRole('button', { name: 'Turn on' }).click();
  await root.getByText('Wrong password').waitFor();
  await root.getByLabel('Current password').fill(password);
  await root.getByRole('button', { name: 'Turn on' }).click();
  await root.getByRole('img', { name: 'QR' }).waitFor();
  // Nothing is switched on yet, and nothing is shown as saved.
  expect(await root.getByText('Saved', { exact: true }).count()).toBe(0);
  await root.getByText('This device · Online, WebSocket').waitFor();
  const secret = ((await root.locator('.opt-form code').first().textContent()) ?? '').replaceAll(' ', '');
  const device = new TOTP({ secret: Secret.fromBase32(secret) });
  await root.getByLabel('Verification code').fill(device.generate());
  await root.getByRole('button', { name: 'Turn on' }).click();
  await expect.poll(() => root.locator('.recovery li').count()).toBe(10);
  const recovery = (await root.locator('.recovery li').first().textContent()) ?? '';

  const second = await open(server.url);
  await signIn(second, password);
  await second.getByLabel('Verification code').fill(recovery);
  await second.getByRole('button', { name: 'Sign in', exact: true }).click();
  await inside(second);
  await settings(second, 'Security');
  await second.getByText('On. 9 recovery codes left.').waitFor();
  await second.getByRole('button', { name: 'Sign out other devices' }).click();
  await root.getByRole('heading', { name: 'Sign in to' }).waitFor();
  const databases = () => root.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
  await expect.poll(databases).toEqual([]);

  await root.getByRole('button', { name: 'Forgot password?' }).click();
  await root.getByLabel('Username or email').fill('root');
  await root.getByRole('button', { name: 'Request reset link' }).click();
  await root.getByText('If that account exists').waitFor();
  const reset = await open(await said(/(http:\S+\/#\/reset\/ewl_\S+)/));
  await reset.getByLabel('New password').fill('another long password');
  await reset.getByRole('button', { name: 'Set password' }).click();
  await reset.getByText('Password updated').waitFor();
  await second.getByRole('heading', { name: 'Sign in to' }).waitFor();
  await reset.getByRole('button', { name: 'Go to sign-in' }).click();
  await signIn(reset, 'another long password');
  await reset.getByLabel('Verification code').waitFor();
  expect(problems).toEqual([]);
});
