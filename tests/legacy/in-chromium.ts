import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWireServer, type WireServer, type WireSession } from '@everywire/server';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../browser/launch-chromium.js';
import { withHtmlFile, withoutOtherWays } from '../browser/transports/old-browser.js';

/** The content security policy of the page. As strict as that of the application: no inline script, no inline style. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'none'";
const types: Readonly<Record<string, string>> = { html: 'text/html', css: 'text/css', js: 'text/javascript' };

let http: Server;
let wire: WireServer;
let browser: Browser;
const sessions = new Set<WireSession>();

/** Opens the page and waits until it is connected. `before` runs before its scripts. */
async function open(query: string, ...before: readonly (() => void)[]): Promise<Page> {
  const page = await browser.newPage();
  for (const script of before) await page.addInitScript(script);
  page.on('pageerror', (error) => {
    throw error;
  });
  await page.goto(`http://127.0.0.1:${(http.address() as AddressInfo).port}/${query}`);
  await page.locator('#status', { hasText: /^Connected/ }).waitFor();
  return page;
}

/** Sends a message. */
async function say(page: Page, text: string): Promise<void> {
  await page.fill('#text', text);
  await page.click('input[type=submit]');
}

/** Waits for this many messages and returns them. */
async function heard(page: Page, count: number): Promise<readonly string[]> {
  const items = page.locator('#messages li');
  await items.nth(count - 1).waitFor();
  return items.allTextContents();
}

/** Defines the tests in Chromium. `script` returns the legacy build, once the tests run. */
export function describeInChromium(script: () => string): void {
  describe('the plain chat page on the legacy build, in Chromium', { tags: ['wide'] }, () => {
    beforeAll(async () => {
      http = createServer((request, answer) => {
        const name = new URL(request.url ?? '/', 'http://page').pathname.slice(1) || 'index.html';
        if (!/^(index\.html|chat\.(js|css)|everywire\.legacy\.min\.js)$/.test(name)) {
          answer.writeHead(404).end();
          return;
        }
        const file = new URL(`./chat-page/${name}`, import.meta.url);
        const type = types[name.split('.').at(-1) as string];
        answer.writeHead(200, { 'content-type': `${type};charset=utf-8`, 'content-security-policy': policy });
        answer.end(name === 'everywire.legacy.min.js' ? script() : readFileSync(file));
      });
      wire = createWireServer({
        jsonp: true,
        onSession(session) {
          sessions.add(session);
          session.onMessage = (data) => {
            for (const member of sessions) member.send(data);
          };
          session.onClose = () => sessions.delete(session);
        },
      });
      wire.attach(http);
      await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
      browser = await launchChromium();
    });

    afterAll(async () => {
      await browser.close();
      await wire.close({ deadlineMs: 0 });
      http.closeAllConnections();
      http.close();
    });

    it.each(['websocket', 'xhr-stream', 'long-poll'])(
      '[SN-1] two pages exchange messages over %s',
      async (transport) => {
        await talk(await open(`?transports=${transport}`), transport);
      },
    );

    it('[SN-1] the page chooses htmlfile with ActiveX and an old XMLHttpRequest, both simulated', async () => {
      await talk(await open('', withHtmlFile, asInternetExplorer7), 'htmlfile-stream');
    });

    it('[SN-1] two pages exchange messages over a frame if requests cannot cross origins', async () => {
      await talk(await open('?transports=iframe-stream', asInternetExplorer7), 'iframe-stream');
    });

    it('[SN-15.19] a message sent in the task in which the page unloads still arrives', async () => {
      const one = await open('?transports=long-poll');
      const other = await open('');
      await one.evaluate(() => {
        (document.querySelector('#text') as HTMLInputElement).value = 'last words';
        document.querySelector('form')?.requestSubmit();
        location.href = 'about:blank';
      });
      expect(await heard(other, 1)).toEqual(['last words']);
      await one.close();
      await other.close();
    });

    it('[SN-1] the page chooses JSONP if it can load only scripts', async () => {
      const page = await open('', withoutOtherWays, withoutSockets);
      const paths = new Set<string>();
      page.on('request', (request) => paths.add(new URL(request.url()).pathname));
      await talk(page, 'jsonp-poll');
      // Only forms are used upstream, and only scripts downstream.
      expect([...paths]).toContain('/everywire/form-post');
      expect([...paths].filter((path) => !/(form-post|form-answer|jsonp-poll)$/.test(path))).toEqual([]);
    });
  });
}

/** Exchanges messages between a page and an unmodified one. */
async function talk(one: Page, transport: string): Promise<void> {
  const other = await open('');
  expect(await one.textContent('#status')).toBe(`Connected by ${transport}`);
  expect(await other.textContent('#status')).toBe('Connected by websocket');
  await say(one, '<b>你好</b> 😀');
  expect(await heard(other, 1)).toEqual(['<b>你好</b> 😀']);
  await say(other, '<script>alert(1)</script>');
  expect(await heard(one, 2)).toEqual(['<b>你好</b> 😀', '<script>alert(1)</script>']);
  await one.close();
  await other.close();
}

// The following functions run in the page, before its scripts.
function withoutSockets(): void {
  Reflect.deleteProperty(window, 'WebSocket');
}

function asInternetExplorer7(): void {
  Reflect.deleteProperty(window, 'WebSocket');
  Reflect.deleteProperty(XMLHttpRequest.prototype, 'withCredentials');
}
