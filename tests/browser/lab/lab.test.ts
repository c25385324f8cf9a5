import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import type { Browser, Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { bundlePage } from '../../../apps/lab/src/bundle-page.js';
import { type LabServer, startLab } from '../../../apps/lab/src/lab-server.js';
import { type LaneName, laneNames } from '../../../apps/lab/src/reports.js';
import { differenceOf, replay } from '../../simulation/session/replay/replay.js';
import { launchChromium } from '../launch-chromium.js';
import { CountingProxy } from './counting-proxy.js';

const deadline = { timeout: 120_000 };
let browser: Browser;
let files: ReadonlyMap<string, string>;
let lab: LabServer;
let page: Page;
const proxies = new Map<LaneName, CountingProxy>();

beforeAll(async () => {
  [browser, files] = await Promise.all([launchChromium(), bundlePage()]);
});
afterAll(() => browser.close());
afterEach(async () => {
  await page.close();
  await lab.close();
  for (const proxy of proxies.values()) proxy.close();
  proxies.clear();
});

/** Opens the page of the lab. With `count`, counting proxies stand between the page and its lanes. */
async function open(language: string, count = false): Promise<void> {
  const publicPort = async (name: LaneName, port: number): Promise<number> => {
    const proxy = await CountingProxy.start(port);
    proxies.set(name, proxy);
    return proxy.port;
  };
  lab = await startLab({ port: 0, host: '127.0.0.1', files, ...(count && { publicPort }) });
  page = await browser.newPage({ viewport: { width: 1_200, height: 900 } });
  await page.goto(`http://127.0.0.1:${lab.port}/?lang=${language}`);
  // All frames have loaded.
  await expect.poll(() => page.locator('form.controls button').first().isEnabled(), deadline).toBe(true);
}

function button(name: string) {
  return page.locator('.controls, main > .faults').getByRole('button', { name, exact: true });
}

/** A lane: the card of one transport on the page. */
function lane(name: LaneName) {
  return page.locator('section.lane', { has: page.locator(`#lane-${name}`) });
}

async function stateOf(name: LaneName): Promise<string | null> {
  return lane(name).locator('h2 small').textContent();
}

/** Returns a figure of a lane's card, by its label. */
async function figure(name: LaneName, word: string): Promise<string> {
  const term = lane(name).locator('.figures div', { has: page.getByText(word, { exact: true }) });
  return (await term.locator('dd').textContent()) ?? '';
}

async function connect(): Promise<void> {
  await button('Connect all').click();
  for (const name of laneNames)
    await expect.poll(() => stateOf(name), { ...deadline, message: name }).toMatch(/^open, /);
}

async function send(count: number, everyMs: number): Promise<void> {
  await page.locator('[name=count]').fill(String(count));
  await page.locator('[name=everyMs]').selectOption(String(everyMs));
  // The timeline has buttons with the class `controls` too, as soon as the first recording arrives.
  await page.locator('form.controls [type=submit]').click();
}

/** Checks that the log can be expanded to the fields of a frame, by the keyboard. */
async function expectFields(): Promise<void> {
  const log = lane('websocket').locator('.log');
  const fields = /↑ FIN 1, RSV 0, opcode 1 \(text\), mask [0-9a-f]{8}, length 100/;
  const frame = log.locator('details', { hasText: fields }).last();
  await frame.locator('summary').press('Enter');
  await expect.poll(() => frame.locator('pre').textContent(), deadline).toMatch(/^lab-\d+ x+$/);
}

it('the requests and bytes shown for 100 messages on each lane equal those counted by a proxy', async () => {
  await open('en', true);
  const before = new Map([...proxies].map(([name, proxy]) => [name, proxy.counts()]));
  await connect();
  const log = lane('websocket').locator('.log');
  await expect.poll(() => log.textContent(), deadline).toMatch(/GET \/everywire\/websocket[\s\S]*Sec-WebSocket-Key: /);
  await send(100, 50);
  for (const name of laneNames) {
    await expect.poll(() => figure(name, 'Back'), { ...deadline, message: name }).toBe('100 / 100');
    expect(await figure(name, 'p99')).toMatch(/^[\d.]+ ms$/);
  }
  await expectFields();
  await button('Disconnect all').click();
  for (const name of laneNames)
    await expect.poll(() => stateOf(name), { ...deadline, message: name }).toMatch(/^ended: /);
  const words = { requests: 'Requests', bytesUp: 'Bytes up', bytesDown: 'Bytes down' } as const;
  for (const name of laneNames) {
    for (const [key, word] of Object.entries(words)) {
      // Two reports may be in flight.
      await expect
        .poll(
          async () => {
            const from = before.get(name)?.[key as keyof typeof words] ?? 0;
            const counted = (proxies.get(name)?.counts()[key as keyof typeof words] ?? 0) - from;
            return Number(await figure(name, word)) / counted;
          },
          { ...deadline, message: `${name}, ${word}` },
        )
        .toSatisfy((ratio: number) => ratio > 0.98 && ratio < 1.02);
    }
  }
});

/** Returns the life of one end of the chosen lane, as a screen reader reads it. */
async function lifeOf(end: 'Client' | 'Server'): Promise<string | null> {
  return page.locator('.timeline').getByRole('img', { name: end }).getAttribute('aria-label');
}

/** Expects that the saved recording of this end replays without a difference. */
async function expectReplay(end: 'client' | 'server'): Promise<void> {
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: `Save the recording (${end})` }).press('Enter'),
  ]);
  expect(saved.suggestedFilename()).toBe(`automatic-${end}.json`);
  const recording = JSON.parse(await readFile(await saved.path(), 'utf8'));
  expect(recording.end).toBe(end);
  expect(differenceOf(recording, replay(recording))).toBeNull();
}

it('a fault is injected and lifted without loss, and both ends show it', async () => {
  await open('en');
  await connect();
  expect(await stateOf('automatic')).toBe('open, websocket');
  await send(60, 50);
  await lane('automatic').getByRole('button', { name: 'Block Upgrade' }).press('Enter');
  await lane('long-poll').getByRole('button', { name: 'Cut now' }).press('Enter');
  await expect.poll(() => stateOf('automatic'), deadline).toBe('open, fetch-stream');
  for (const name of ['automatic', 'long-poll'] as const) {
    await expect.poll(() => figure(name, 'Back'), { ...deadline, message: name }).toBe('60 / 60');
  }
  const pressed = lane('automatic').getByRole('button', { name: 'Block Upgrade', pressed: true });
  await pressed.press('Enter');
  await expect.poll(() => pressed.count(), deadline).toBe(0);
  await button('Disconnect all').click();
  for (const end of ['Client', 'Server'] as const) {
    const carried = /Carried by .*websocket [\d.]+ – [\d.]+ s, .*fetch-stream [\d.]+ – [\d.]+ s.*Ended: closed\./;
    await expect.poll(() => lifeOf(end), { ...deadline, message: end }).toMatch(carried);
  }
  await page.locator('.timeline summary').press('Enter');
  await expect.poll(() => page.locator('.timeline .log').first().textContent(), deadline).toContain('→ connect #1 (');
  for (const end of ['client', 'server'] as const) await expectReplay(end);
  await page.locator('.timeline [name=lane]').selectOption('long-poll');
  await expect.poll(() => lifeOf('Server'), deadline).toMatch(/: \d{2,} links\. Carried by long-poll/);
});

it('a stream behind a buffering proxy delivers nothing, and a killed server no longer knows the session', async () => {
  await open('en');
  await connect();
  await lane('fetch-stream').getByRole('button', { name: 'Buffer answers' }).click();
  await expect.poll(() => stateOf('fetch-stream'), deadline).not.toMatch(/^open/);
  await lane('websocket').getByRole('button', { name: 'Kill the server' }).click();
  await expect.poll(() => stateOf('websocket'), deadline).toBe('ended: lost');
  // The new server does not know the session.
  await page.locator('.timeline [name=lane]').selectOption('websocket');
  await expect.poll(() => lifeOf('Client'), deadline).toMatch(/Carried by websocket .* Ended: lost\./);
  await expect
    .poll(() => page.locator('.timeline .scroller').textContent(), deadline)
    .toContain('The server knows nothing of this session');
});

it("the lab's page is accessible, and fits a phone", async () => {
  await open('zh');
  await page.locator('form.controls button').first().click();
  await expect.poll(() => stateOf('short-poll'), deadline).toMatch(/^open, /);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: typeof axe }).axe.run({ iframes: false }),
  );
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** `npm run pictures` sets the variable, to renew the pictures in the documentation. */
const pictures = join(root, process.env['EVERYWIRE_PICTURES'] ?? 'artifacts');

async function savePicture(name: string, language: string, from: Page | Locator): Promise<void> {
  await mkdir(pictures, { recursive: true });
  const file = join(pictures, `${name}.${language}.webp`);
  await sharp(await from.screenshot({ animations: 'disabled' }))
    .webp({ quality: 82 })
    .toFile(file);
}

it.each(['en', 'zh'])('the lab draws all lanes and one session in %s', { tags: ['wide'] }, async (language) => {
  await open(language);
  await page.setViewportSize({ width: 1_200, height: 1_350 });
  await page.locator('form.controls button').first().click();
  for (const name of laneNames) await expect.poll(() => stateOf(name), deadline).toMatch(/^open, /);
  await send(100, 50);
  await expect
    .poll(
      () =>
        lane('automatic')
          .getByText(/^[3-9]\d \/ /)
          .count(),
      deadline,
    )
    .toBe(1);
  await lane('automatic').getByRole('button').nth(4).click();
  await expect.poll(() => stateOf('automatic'), deadline).toBe('open, fetch-stream');
  for (const name of laneNames) await expect.poll(() => lane(name).getByText('100 / 100').count(), deadline).toBe(1);
  await savePicture('lab', language, page);
  await savePicture('lab-timeline', language, page.locator('.timeline'));
});
