/** @module-tag wide: seven thousand messages at a real server; the rules have tests of their own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { register } from '@everywire/chat-client';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newCommandId } from '../../chat-server/test-session.js';
import { ServerProcess } from '../../durability/server-process.js';
import { launchChromium } from '../launch-chromium.js';
import { Person, password } from './person.js';
import { row } from './two-people.js';

/*
 * A group with seven thousand unread messages, however one moves through it: nothing is skipped, only what was in view is marked as read,
 * and who comes back goes on where one was.
 */

const UNREAD = 7_000;
/** The rest of each ninth message, so that heights differ from what the page assumes. */
const LONG = ' and so on'.repeat(150);
const wide: BrowserContextOptions = { viewport: { width: 1_280, height: 800 }, locale: 'en-US' };
const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 780 },
  locale: 'en-US',
  hasTouch: true,
  isMobile: true,
};
const readers = ['open', 'page', 'wheel', 'fling', 'touch', 'keys', 'end', 'jump'] as const;

type Fields = Readonly<Record<string, unknown>>;

let data: string;
let server: ServerProcess;
let browser: Browser;
let conversation: number;
/** The sequence of message number 0. */
let first: number;
const ids = new Map<string, number>();
let owner: string;

async function ask<T>(command: string, fields: Fields): Promise<T> {
  const headers = { authorization: `Bearer ${owner}`, 'content-type': 'application/json' };
  const body = JSON.stringify(fields);
  const response = await fetch(`${server.url}/api/commands/${command}`, { method: 'POST', headers, body });
  if (!response.ok) throw new Error(`${command}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'everywire-many-unread-'));
  server = new ServerProcess(data, {
    EVERYWIRE_REST_PER_MINUTE: '1000000',
    EVERYWIRE_COMMANDS_PER_SECOND: '1000',
    EVERYWIRE_PERSON_MS_PER_SECOND: '1000',
  });
  await server.start().started;
  browser = await launchChromium();
  owner = (await register(server.url, { name: 'ann', password })).token;
  for (const name of readers) ids.set(name, (await register(server.url, { name, password })).me.id);
  ({ conversation } = await ask<{ conversation: number }>('createGroup', {
    id: newCommandId(),
    name: 'Harbour',
    users: [...ids.values()],
  }));
  const send = (number: number) => {
    const text = `number ${number};${number % 9 === 4 ? LONG : ''}`;
    return ask<{ sequence: number }>('send', { id: newCommandId(), conversation, text });
  };
  first = (await send(0)).sequence;
  for (let sent = 1; sent < UNREAD; sent += 1) await send(sent);
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(data, { recursive: true, force: true });
});

interface Receipt {
  readonly user: number;
  /** The sequence of the last message that counts as read. */
  readonly shown: number;
}

/** A reader whose group is open at the first unread message, and what was in view since then, noted in each frame. */
class Reader {
  readonly person: Person;
  readonly #name: string;

  static async open(name: (typeof readers)[number], device = wide): Promise<Reader> {
    const context = await browser.newContext(device);
    const person = await Person.arrive(context, server.url, name);
    await person.signIn();
    await row(person, 'Harbour').click();
    await person.page.locator('.log .new').waitFor();
    await person.page.mouse.move(900, 400);
    await person.page.evaluate(noteWhatIsInView);
    return new Reader(name, person);
  }

  private constructor(name: string, person: Person) {
    this.#name = name;
    this.person = person;
  }

  /** The numbers of the messages that were in view. */
  seen(): Promise<number[]> {
    return this.person.page.evaluate(() => [...window.inView].sort((one, other) => one - other));
  }

  /** The greatest number that was in view with everything before it. */
  async seenWhole(): Promise<number> {
    const numbers = await this.seen();
    return numbers.findIndex((number, at) => numbers[at + 1] !== number + 1);
  }

  /** The number of the last message that everybody sees this person has read; -1 if none. */
  async read(): Promise<number> {
    const { receipts } = await ask<{ receipts: readonly Receipt[] }>('readers', { conversation, sequence: 0 });
    return (receipts.find(({ user }) => user === ids.get(this.#name))?.shown ?? 0) - first;
  }

  /** Presses a key in the message box. */
  async press(key: string): Promise<void> {
    await this.person.page.getByLabel('Message', { exact: true }).press(key);
    await this.drawn();
  }

  /** Waits until the page has been drawn. */
  async drawn(): Promise<void> {
    await this.person.page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
  }

  /** Turns the wheel by `distance` pixels over the messages. */
  async wheel(distance: number): Promise<void> {
    await this.person.page.mouse.wheel(0, distance);
    await this.drawn();
  }

  /** Expects that all up to the last message in view was in view, and was read, also after a reload. Returns its number. */
  async expectReadAsSeen(): Promise<number> {
    const last = Math.max(...(await this.seen()));
    expect(await this.seenWhole()).toBe(last);
    await this.expectRead(last);
    return last;
  }

  /** Expects that the messages up to this number count as read, also after a reload. */
  async expectRead(last: number): Promise<void> {
    await expect.poll(() => this.read()).toBe(last);
    await this.person.page.reload();
    const line = this.person.page.locator('.log .new');
    await line.waitFor();
    const next = () => line.evaluate((element) => element.closest('[style]')?.nextElementSibling?.textContent ?? '');
    await expect.poll(next).toContain(`number ${last + 1};`);
  }
}

declare global {
  interface Window {
    inView: Set<number>;
  }
}

/** Notes the messages in view in each frame. As for the page, a hidden one and one whose uppermost 24 pixels are not in view do not count. */
function noteWhatIsInView(): void {
  window.inView = new Set();
  const look = () => {
    const scroll = document.querySelector('.log-frame > .scroll');
    const { top = 0, bottom = 0 } = scroll?.getBoundingClientRect() ?? {};
    for (const article of scroll?.querySelectorAll('article') ?? []) {
      const box = (article.closest('[style]') ?? article).getBoundingClientRect();
      const number = /number (\d+);/.exec(article.textContent ?? '')?.[1];
      const isInView = box.bottom > top && box.top < bottom - 24 && getComputedStyle(article).visibility === 'visible';
      if (number !== undefined && isInView) window.inView.add(Number(number));
    }
    requestAnimationFrame(look);
  };
  look();
}

it('opening it, and nothing else', async () => {
  const reader = await Reader.open('open');
  expect(await reader.expectReadAsSeen()).toBeLessThan(13);
});

it('twenty-five Page Downs', async () => {
  const reader = await Reader.open('page');
  for (let step = 0; step < 25; step += 1) await reader.press('PageDown');
  await expect.poll(() => reader.seenWhole()).toBeGreaterThan(150);
  await reader.expectReadAsSeen();
});

it('slow turns of the wheel', async () => {
  const reader = await Reader.open('wheel');
  for (let step = 0; step < 40; step += 1) {
    await reader.wheel(250);
  }
  expect(await reader.expectReadAsSeen()).toBeGreaterThan(100);
});

it('a fling, which stops at what is loaded', async () => {
  const reader = await Reader.open('fling');
  for (let step = 0; step < 4; step += 1) await reader.wheel(3_500);
  const lastSeen = async () => Math.max(...(await reader.seen()));
  await expect.poll(lastSeen).toBeGreaterThan(50);
  const last = await lastSeen();
  expect(last).toBeLessThan(500);
  await reader.expectRead(last);
});

it('swipes of a finger', async () => {
  const reader = await Reader.open('touch', phone);
  const cdp = await reader.person.page.context().newCDPSession(reader.person.page);
  for (let step = 0; step < 12; step += 1)
    await cdp.send('Input.synthesizeScrollGesture', { x: 200, y: 500, yDistance: -600, speed: 3_000 });
  expect(await reader.expectReadAsSeen()).toBeGreaterThan(40);
});

it('arrows and Page Down on the messages themselves', async () => {
  const reader = await Reader.open('keys');
  const { page } = reader.person;
  await page.getByRole('article', { name: /number 0;/ }).focus();
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press('ArrowDown');
    await reader.drawn();
  }
  for (let step = 0; step < 10; step += 1) {
    await page.keyboard.press('PageDown');
    await reader.drawn();
  }
  const read = await reader.expectReadAsSeen();
  expect(read).toBeGreaterThan(60);
  await page.getByRole('article', { name: new RegExp(`number ${read};`) }).focus();
  await page.keyboard.press('End');
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain(`number ${UNREAD - 1};`);
  await expect.poll(() => reader.read()).toBe(read);
});

it('End shows the newest, of which nothing counts as read, and the first unread message is kept', async () => {
  const reader = await Reader.open('end');
  const read = await reader.seenWhole();
  await reader.press('End');
  await reader.person.sees(`number ${UNREAD - 1};`);
  await reader.press('PageUp');
  await reader.press('End');
  await expect.poll(() => reader.read()).toBe(read);
  const numbers = await reader.seen();
  expect(numbers.filter((number) => number > read && number < UNREAD - 100)).toEqual([]);
});

it('a jump and the way back', async () => {
  const reader = await Reader.open('jump');
  const { page } = reader.person;
  const read = await reader.seenWhole();
  await page.evaluate((hash) => location.assign(hash), `#/c/${conversation}/m/${first + 4_001}`);
  await reader.person.sees('number 4001;');
  for (let step = 0; step < 5; step += 1) await reader.press('PageDown');
  await page.getByRole('button', { name: 'Back to where you were' }).click();
  await page.getByRole('article', { name: new RegExp(`number ${read};`) }).waitFor();
  expect(await reader.read()).toBe(read);
  await reader.press('PageDown');
  await expect.poll(() => reader.read()).toBeGreaterThan(read);
  expect(await reader.read()).toBeLessThan(100);
});
