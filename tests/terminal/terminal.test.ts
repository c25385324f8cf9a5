import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ChatClient, createChatClient, register, type Timeline } from '@everywire/chat-client';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../browser/launch-chromium.js';
import { Person } from '../browser/talk/person.js';
import { ServerProcess } from '../durability/server-process.js';
import { KEY, Pty } from './pty.js';

/** Where screens are saved. */
const artifacts = fileURLToPath(new URL('../../artifacts/terminal/', import.meta.url));
const password = 'correct horse battery staple';

let home: string;
let server: ServerProcess;
let browser: Browser;
const ptys: Pty[] = [];

beforeAll(async () => {
  mkdirSync(artifacts, { recursive: true });
  home = mkdtempSync(join(tmpdir(), 'everywire-terminal-'));
  server = new ServerProcess(join(home, 'data'), { EVERYWIRE_TCP_PORT: '0' });
  await server.start().started;
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(home, { recursive: true, force: true });
});
afterEach(() => {
  for (const pty of ptys.splice(0)) pty.stop();
});

/** Starts the chat in a terminal. */
function open(person: string, language = 'en_US.UTF-8', size?: { rows: number; columns: number }): Pty {
  const pty = new Pty([server.url], { LANG: language, XDG_STATE_HOME: join(home, person), HOME: home }, size);
  ptys.push(pty);
  return pty;
}

/** Registers a user in a terminal. */
async function registered(pty: Pty, name: string): Promise<void> {
  await pty.shows('Sign in');
  pty.type(KEY.ctrlR, name, KEY.tab, password);
  await pty.shows('•'.repeat(password.length));
  pty.type(KEY.enter);
  await pty.shows(/● tcp/);
}

/** Registers another user by the SDK, and starts a conversation with a user at a terminal. */
async function talkTo(
  other: string,
  name: string,
): Promise<{ readonly chat: ChatClient; readonly timeline: Timeline }> {
  const { me, token } = await register(server.url, { name, password });
  const chat = createChatClient({ url: server.url, me, token });
  await expect.poll(() => chat.getSnapshot().connection.state).toBe('open');
  const { people } = await chat.people(other, null);
  return { chat, timeline: chat.openTimeline(await chat.createDirect(people[0]!.id)) };
}

function keepScreen(name: string, pty: Pty): void {
  writeFileSync(join(artifacts, `${name}.txt`), `${pty.screen}\n`);
}

/** Leaves the program, and checks that it ends without an error. */
async function left(pty: Pty): Promise<void> {
  pty.type(KEY.ctrlC);
  expect(await pty.ended).toBe(0);
}

describe('everywire chat', () => {
  it('[TR-41] the terminal chats with a page over raw TCP, with Chinese text and read receipts', async () => {
    const tom = open('tom');
    await registered(tom, 'tom');
    const page = await browser.newContext({ viewport: { width: 1300, height: 900 }, locale: 'en-US' });
    const ann = await Person.arrive(page, `${server.url}/`, 'Ann');
    await ann.register();
    await ann.startTalking('tom');
    await ann.say('hello from a page');
    await tom.shows('hello from a page');
    tom.type('你好，Ann');
    // The cursor is after the prompt and the text, nine cells wide, which is where an input method opens its window.
    await tom.shows('Message › 你好，Ann');
    await expect.poll(() => tom.cursor).toEqual({ row: 22, column: 10 + 9 });
    tom.type(KEY.left, KEY.left, KEY.left, KEY.backspace, '！', KEY.end, '。', KEY.enter);
    await ann.sees('你好！Ann。');
    await ann.say('看到了 👍');
    await tom.shows('看到了 👍');
    // The open page has read the message.
    await tom.shows(/你好！Ann。 ✓✓/);
    keepScreen('talk', tom);
    expect(tom.screen).toMatch(/● tcp( \d+ ms)?\s*$/m);
    await left(tom);
    await page.close();
  });

  it('the terminal finds a user, counts unread messages, and switches between conversations', {
    tags: ['wide'],
  }, async () => {
    const eve = open('eve');
    await registered(eve, 'eve');
    await eve.shows('No conversations yet');
    for (const name of ['bob', 'cai']) {
      const { chat, timeline } = await talkTo('eve', name);
      for (let at = 1; at <= 3; at++) timeline.send(`${name} ${at}`);
      await eve.shows(`${name} 3`);
      await chat.close();
    }
    // One conversation is open, so its messages are read; the other has unread ones.
    await eve.shows(/^ cai +3 /m);
    keepScreen('unread', eve);
    eve.type(KEY.ctrlN);
    eve.type(KEY.ctrlO, 'ca');
    await eve.shows(/@cai/);
    eve.type(KEY.enter);
    await eve.shows(/cai 1\s*\n.*cai 2\s*\n.*cai 3/);
    await expect.poll(() => /^ cai +3 /m.test(eve.screen)).toBe(false);
    eve.type('a draft', KEY.ctrlN);
    await eve.shows('✎ a draft');
    await left(eve);
  });

  it('the terminal scrolls back to the start of the history, and stays there when new messages arrive', {
    tags: ['wide'],
  }, async () => {
    const pty = open('paging', 'en_US.UTF-8', { rows: 16, columns: 80 });
    await registered(pty, 'paging');
    const { chat, timeline } = await talkTo('paging', 'long');
    for (let at = 1; at <= 150; at++) timeline.send(`line ${at} of many`);
    await pty.shows('line 150 of many');
    for (let page = 0; page < 40 && !pty.screen.includes('line 1 of many'); page++) {
      const before = pty.screen;
      pty.type(KEY.pageUp);
      await expect.poll(() => pty.screen !== before || pty.screen.includes('Start of conversation')).toBe(true);
    }
    await pty.shows('line 1 of many');
    await pty.shows('Start of conversation');
    const there = pty.screen;
    timeline.send('one more');
    await pty.shows(/: one more|long.*\n.*one more/);
    expect(
      pty.screen
        .split('\n')
        .slice(2, 8)
        .map((line) => line.slice(28)),
    ).toEqual(
      there
        .split('\n')
        .slice(2, 8)
        .map((line) => line.slice(28)),
    );
    await pty.shows('new messages');
    pty.type(KEY.end);
    await pty.shows(/line 150 of many\s*\n.*one more/);
    await chat.close();
    await left(pty);
  });

  it('the terminal client speaks Chinese, adapts to the window size, and restores the terminal', {
    tags: ['wide'],
  }, async () => {
    const pty = open('hua', 'zh_CN.UTF-8', { rows: 20, columns: 72 });
    await pty.shows('登录');
    keepScreen('sign-in-zh', pty);
    expect(pty.buffer).toBe('alternate');
    pty.type(KEY.ctrlR, '小华', KEY.tab, password, KEY.enter);
    await pty.shows('还没有会话');
    await pty.resize(10, 40);
    await pty.shows(/^ 小华 · Everywire +● tcp/);
    expect(pty.screen.split('\n').every((line) => line.length <= 40)).toBe(true);
    await pty.resize(30, 110);
    await pty.shows(/会话 +│/);
    keepScreen('zh', pty);
    await left(pty);
    expect(pty.buffer).toBe('normal');
    expect(pty.output.endsWith('\x1b[?1049l')).toBe(true);
  });

  it('the terminal keeps a sign-in readable only by its user, explains a failed one, and signs out', {
    tags: ['wide'],
  }, async () => {
    const pty = open('kept');
    await pty.shows('Sign in');
    pty.type('nobody', KEY.tab, 'wrong password', KEY.enter);
    await pty.shows('Wrong username or password');
    await left(pty);
    const first = open('kept');
    await registered(first, 'kept');
    await left(first);
    const file = join(home, 'kept', 'everywire', `${encodeURIComponent(server.url)}.json`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const again = open('kept');
    await again.shows(/kept · Everywire.*● tcp/);
    again.type(KEY.ctrlX);
    await again.shows('You’re signed out. Sign in to continue.');
    await left(again);
    const last = open('kept');
    await last.shows('Sign in');
    await left(last);
  });

  it('the terminal ignores control sequences in messages', { tags: ['wide'] }, async () => {
    const pty = open('target');
    await registered(pty, 'target');
    const { chat, timeline } = await talkTo('target', 'mallory');
    timeline.send('\x1b[2J\x1b]0;owned\x07still here\x9b31m');
    const screen = await pty.shows('still here');
    expect(screen).toContain('�[2J�]0;owned�still here�31m');
    expect(pty.output).not.toContain('owned\x07');
    await chat.close();
    await left(pty);
  });

  it('the terminal client reports in one line why it cannot run', { tags: ['wide'] }, async () => {
    const pty = new Pty(['http://127.0.0.1:1'], { LANG: 'C' });
    ptys.push(pty);
    await pty.shows('http://127.0.0.1:1: Can’t reach the server. Try again when you’re online.');
    expect(await pty.ended).toBe(1);
  });
});
