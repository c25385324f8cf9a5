/** @module-tag wide: tests/durability tests a full disk; this is what the page shows. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ServerProcess } from '../../durability/server-process.js';
import { launchChromium } from '../launch-chromium.js';
import { Person } from './person.js';

/* The server's disk has 32 MB. Mounting it needs root; without it this fails rather than test nothing. */

let directory: string;
let disk: string;
let mounted = false;
let server: ServerProcess;
let browser: Browser;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-page-full-'));
  disk = join(directory, 'disk');
  mkdirSync(disk);
  execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', disk]);
  mounted = true;
  server = new ServerProcess(join(disk, 'data'));
  await server.start().started;
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  if (mounted) execFileSync('/bin/umount', [disk]);
  rmSync(directory, { recursive: true });
});

it("the page shows that the server's disk is full, keeps showing messages, and sends by itself when there is room", async () => {
  const view = { viewport: { width: 1300, height: 900 }, locale: 'en-US' };
  const ann = await Person.arrive(await browser.newContext(view), server.url, 'Ann');
  const bo = await Person.arrive(await browser.newContext(view), server.url, 'Bo');
  await ann.register();
  await bo.register();
  await ann.startTalking('Bo');
  await ann.say('before');
  await bo.openConversation('Ann');
  await bo.sees('before');

  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(join(disk, 'filler'), Buffer.alloc(Number(bavail) * Number(bsize) - 100_000));
  const full = ann.page.getByRole('status').filter({ hasText: 'The server is out of storage' });
  const allSent = ann.page.locator('body:not(:has([data-receipt="sending"], [data-receipt="waiting"]))');
  /*
   * The composer may be ahead of sending, and the list draws only the rows near its view. The last row shows why it
   * waits.
   */
  for (let sent = 0; sent < 60 && (await full.count()) === 0; sent += 1) {
    await ann.say(`${sent} ${'x'.repeat(12_000)}`);
    await allSent.or(full).first().waitFor();
  }
  await full.first().waitFor();
  await ann.say('written while it was full');
  const last = ann.page.locator('article').last();
  await last.filter({ hasText: 'written while it was full' }).filter({ has: full }).waitFor();
  expect(await full.count()).toBe(1);
  await bo.page.reload();
  await bo.openConversation('Ann');
  await bo.page.locator('article .bubble').last().waitFor();
  const list = bo.page.getByRole('navigation', { name: 'Conversations' });
  expect(await list.getByText('written while it was full').count()).toBe(0);

  rmSync(join(disk, 'filler'));
  await list.getByText('written while it was full').waitFor();
  await ann.allSent();
  await full.first().waitFor({ state: 'detached' });
});
