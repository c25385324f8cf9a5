/** @module-tag wide: tests/chat-server tests the provider; this is the button of the page. */
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestPlace } from '../../chat-server/test-place.js';
import { TestProvider, testClient } from '../../chat-server/test-provider.js';
import { launchChromium } from '../launch-chromium.js';

/* Signs in at a real provider by the button of the page, as a person does. */

const pageDirectory = fileURLToPath(new URL('../../../apps/everywire/dist/page', import.meta.url));
let provider: TestProvider;
let place: TestPlace;
let browser: Browser;

beforeAll(async () => {
  provider = await TestProvider.listen();
  const openId = { issuer: provider.issuer, ...testClient, name: 'Elsewhere' };
  place = await TestPlace.start({
    openId,
    pageDirectory,
    publicUrl: () => place.url,
    place: { name: 'Test', runBy: '', registration: 'closed', version: '0' },
  });
  await provider.serve(`${place.url}/`);
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await place?.stop();
  await provider?.close();
});

it('[A15] the sign-in goes to the provider, returns signed in, and leaves no secret in an address', async () => {
  const context = await browser.newContext({ locale: 'en-US' });
  const page: Page = await context.newPage();
  const problems: string[] = [];
  const asked: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) problems.push(message.text());
  });
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(place.url);
  await page.getByRole('button', { name: 'Elsewhere' }).click();
  await page.waitForURL(`${provider.issuer}/**`);
  await page.locator('input[name="login"]').fill('ann');
  await page.locator('input[name="password"]').fill('any');
  await page.locator('button[type="submit"]').click();
  // The provider asks for consent to share the identity.
  await page.locator('input[name="prompt"][value="consent"]').waitFor({ state: 'attached' });
  await page.locator('button[type="submit"]').click();
  await page.getByRole('navigation', { name: 'Conversations' }).waitFor();
  expect(page.url().startsWith(place.url)).toBe(true);
  expect(page.url()).not.toMatch(/code=|state=/);
  const ours = asked.filter((address) => address.startsWith(place.url));
  expect(ours.filter((address) => /code=/.test(new URL(address).search + new URL(address).pathname))).toEqual([]);
  expect(place.lines.join('\n')).not.toContain('code=');
  expect((await place.store.searchUsers('ann', null, 5)).map((user) => user.displayName)).toEqual(['ann of elsewhere']);
  await page.reload();
  await page.getByRole('navigation', { name: 'Conversations' }).waitFor();
  expect(problems).toEqual([]);
});
