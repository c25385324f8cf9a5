/** @module-tag wide: the examples of the README are in server.test.ts. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { createWireClient } from '@everywire/client';
import { createWireServer, type WireServer, type WireSession } from '@everywire/server';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildLegacy } from '../../scripts/legacy/build-legacy.mjs';
import { launchChromium } from '../browser/launch-chromium.js';
import { Guide, root, runBlock, serve, whenOver } from './guide.js';

/* Runs what the guides show of a page in Chromium, with the server that they show for it. */

const client = new Guide('docs/guides/transport-client.md');
const old = new Guide('docs/guides/old-browsers.zh.md');
const raw = new Guide('docs/guides/raw-links.md');

let browser: Browser;
let legacy: string;
beforeAll(async () => {
  legacy = await buildLegacy();
  browser = await launchChromium();
});
afterAll(() => browser.close());

const echo = (session: WireSession): void => {
  session.onMessage = (data) => void session.send(data);
};

const beginning =
  '<!doctype html><title>page</title><script>var shown = []; function show(value) { shown.push(value); }</script>';

/**
 * Opens a page of the wire's own origin that runs `script` as a module. `shown` returns the values that it passes to
 * `show`.
 */
async function open(wire: WireServer, { script = '', html = '' }): Promise<{ page: Page; base: string }> {
  const files: Readonly<Record<string, readonly [string, string]>> = {
    '/': ['text/html;charset=utf-8', `${beginning}${html}<script type="module" src="/script.js"></script>`],
    '/script.js': ['text/javascript', script],
    '/everywire.legacy.min.js': ['text/javascript', legacy],
  };
  const http = createServer(({ url = '/' }, response) => {
    const [type, text] = files[url] ?? ['text/plain', ''];
    response.writeHead(text === '' ? 404 : 200, { 'content-type': type }).end(text);
  });
  const base = new URL(await serve(wire, http)).origin;
  const page = await browser.newPage();
  whenOver(() => page.close());
  await page.goto(base);
  return { page, base };
}

const shown = (page: Page): Promise<unknown[]> => page.evaluate(() => (globalThis as unknown as { shown: [] }).shown);

/** Bundles code as an application's build tool would. */
async function bundle(code: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: code, loader: 'ts', resolveDir: root },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

test('transport-client: the first example exchanges messages and logs its status', async () => {
  const logged: string[] = [];
  const script = await bundle(client.take(0));
  const { page } = await open(createWireServer({ onSession: echo }), {});
  page.on('console', (line) => logged.push(line.text()));
  await page.addScriptTag({ content: script, type: 'module' });
  await expect.poll(() => logged).toContain('hello');
  expect(logged.some((line) => line.includes('state: open'))).toBe(true);
});

test('transport-client: waiting for room and requests work in both directions', async () => {
  const answers: unknown[] = [];
  const up: unknown[] = [];
  const wire = createWireServer({
    onSession: (session) => {
      session.onMessage = (data) => void up.push(data);
      session.onRequest = async (question) => {
        answers.push(await session.request('and yours?'));
        return `${question}: four`;
      };
    },
  });
  const url = await serve(wire);
  const socket = createWireClient(url);
  whenOver(() => socket.close());
  // The block sets its request handler last; it is moved before the block's own request.
  const scope = {
    wire: socket,
    signal: AbortSignal.timeout(200_000),
    answerTo: async (data: unknown) => `${data} mine`,
  };
  const block = client.take(1).split('\n');
  const asking = block.findIndex((line) => line.includes('wire.request'));
  const answering = block.findIndex((line) => line.includes('wire.onrequest'));
  block.splice(asking, 0, ...block.splice(answering, 1));
  const { reply } = await runBlock(block.join('\n'), scope, ['reply']);
  expect([up, reply, answers]).toEqual([['order', 'order'], 'price of tea: four', ['and yours? mine']]);
});

test('transport-client: the Flash client falls back to other transports without Flash', async () => {
  const script = await bundle(`${client.take(2)}
    client.onmessage = ({ data }) => show(data);
    client.send('hello');`);
  const { page } = await open(createWireServer({ onSession: echo }), { script });
  await expect.poll(() => shown(page)).toEqual(['hello']);
});

test.each([
  ['transport-client', client, 3],
  ['old-browsers.zh', old, 0],
] as const)('%s: the page for old browsers exchanges messages', async (_name, guide, at) => {
  const { page } = await open(createWireServer({ onSession: echo }), { html: guide.take(at) });
  await expect.poll(() => shown(page)).toEqual(['hello']);
});

test('raw-links: the server of the guide works with its WebSocket, event stream, ticket and curl examples', async () => {
  const scope = {
    createWireServer,
    onSession: () => undefined,
    whoHas: (token: string) => (token === 'hers' ? { subject: 'ann' } : null),
  };
  const { wire } = await runBlock(raw.take(0), scope, ['wire']);
  const { page, base } = await open(wire, {});
  const run = (code: string): Promise<unknown> => page.addScriptTag({ content: `{ ${code} }`, type: 'module' });
  const host = new URL(base).host;

  await run(`${raw.take(1).replace('wss://chat.example.org', `ws://${host}`)}; socket.onopen = () => show('open');`);
  await expect.poll(() => shown(page)).toEqual(['open']);
  wire.publish('public:score', '1:1');
  await expect.poll(() => shown(page)).toEqual(['open', '1:1']);

  await run(`${raw.take(2)}; source.onopen = () => show('stream');`);
  await expect.poll(() => shown(page)).toEqual(['open', '1:1', 'stream']);
  wire.publish('public:score', '2:1');
  await expect.poll(() => shown(page)).toEqual(['open', '1:1', 'stream', '2:1', '2:1']);

  const private_ = raw.take(4).replace("['private:ann']", "['public:ann']");
  await run(
    `const token = 'hers'; ${private_}; source.onopen = () => show('hers'); source.onmessage = ({ data }) => show(data);`,
  );
  await expect.poll(async () => (await shown(page)).at(-1)).toBe('hers');
  wire.publish('public:ann', 'for Ann');
  await expect.poll(async () => (await shown(page)).at(-1)).toBe('for Ann');

  const [command = '', ...expected] = raw.take(3).replace(/^\$ /, '').split('\n');
  const like = expected
    .join('\n')
    .replace(/retry: \d+/, 'retry: N')
    .replace(/^id: \S+-\d+$/gm, 'id: I');
  let said = '';
  const curl = spawn('sh', ['-c', `exec ${command.replace('https://chat.example.org', base)} --silent`]);
  whenOver(() => curl.kill());
  curl.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await expect.poll(() => said).toMatch(/^id: /m);
  wire.publish('public:score', '2:1');
  await expect.poll(() => said.replace(/retry: \d+/, 'retry: N').replace(/^id: \S+-\d+$/gm, 'id: I')).toBe(like);
});
