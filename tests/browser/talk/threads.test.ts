/** @module-tag wide: tests/browser/page tests threads; this is what the other person sees of them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServerProcess } from '../../durability/server-process.js';
import { launchChromium } from '../launch-chromium.js';
import { Person } from './person.js';

/** Two browsers, two accounts and a real server: the actions of one person on messages are visible to the other. */
describe('two people mark messages', () => {
  let data: string;
  let server: ServerProcess;
  let browser: Browser;
  let ann: Person;
  let bo: Person;
  const open = { viewport: { width: 1440, height: 900 }, locale: 'en-US' };

  beforeAll(async () => {
    data = mkdtempSync(join(tmpdir(), 'everywire-threads-'));
    server = new ServerProcess(data);
    await server.start().started;
    browser = await launchChromium();
    ann = await Person.arrive(await browser.newContext(open), server.url, 'Ann');
    bo = await Person.arrive(await browser.newContext(open), server.url, 'Bo');
    await ann.register();
    await bo.register();
    await ann.startTalking('Bo');
    await ann.say('where do we meet');
    await bo.openConversation('Ann');
    await bo.sees('where do we meet');
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(data, { recursive: true, force: true });
  });

  const message = (person: Person, text: string) =>
    person.page.locator('.pane:not(.thread-pane) article', { hasText: text });
  const thread = (person: Person) => person.page.getByRole('region', { name: /^Thread in / });

  async function choose(person: Person, text: string, item: string): Promise<void> {
    await message(person, text).focus();
    await message(person, text).getByRole('button', { name: 'More actions' }).press('Enter');
    await person.page.getByRole('menuitem', { name: item, exact: true }).click();
  }

  it('a reply in a thread reaches the other person next to the conversation, with its own unread count, and is read there', async () => {
    await choose(bo, 'where do we meet', 'Reply in thread');
    await thread(bo).getByLabel('Reply in thread', { exact: true }).fill('at the south gate');
    await thread(bo).getByLabel('Reply in thread', { exact: true }).press('Enter');
    await thread(bo).locator('article', { hasText: 'at the south gate' }).waitFor();
    const way = message(ann, 'where do we meet').getByRole('button', { name: '1 reply 1 new' });
    await way.click();
    await thread(ann).locator('article', { hasText: 'at the south gate' }).waitFor();
    await ann.page.bringToFront();
    await message(ann, 'where do we meet').getByRole('button', { name: '1 reply', exact: true }).waitFor();
    // Replies are in their thread and not in the conversation.
    expect(await message(ann, 'at the south gate').count()).toBe(0);
    expect(ann.problems).toEqual([]);
  });

  it('a link leads to a message far back, and pins and edits are visible to the other person', async () => {
    await choose(bo, 'where do we meet', 'Pin');
    await ann.page.locator('.pin-last', { hasText: 'where do we meet' }).waitFor();
    for (let turn = 1; turn <= 40; turn++) await ann.say(`line ${turn}`);
    await ann.allSent();
    await choose(ann, 'line 40', 'Edit');
    await ann.say('line forty');
    await bo.page.getByRole('button', { name: 'Edited' }).click();
    await bo.page.getByRole('dialog', { name: 'Edit history' }).getByText('line 40').waitFor();
    await bo.page.keyboard.press('Escape');
    // The step back over the dialog's history entry would cancel the reload.
    await expect.poll(() => bo.page.evaluate(() => (history.state as { layers?: number } | null)?.layers ?? 0)).toBe(0);
    await bo.page.reload();
    await message(bo, 'line forty').waitFor();
    await bo.page.locator('.pin-last').click();
    await expect
      .poll(() => bo.page.evaluate(() => document.activeElement?.textContent ?? ''))
      .toContain('where do we meet');
    expect(bo.problems).toEqual([]);
  });
});
