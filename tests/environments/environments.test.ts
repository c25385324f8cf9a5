import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createWireServer, type WireServer } from '@everywire/server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { installLibrary, installProgram } from '../../scripts/install-program.mjs';
import { wideUnless } from '../lane.js';
import { buildServiceWorkerPage, buildVitePage, converseInChromium, type Files } from './pages.js';
import { runAlone } from './run-alone.js';

// Tests the client in each environment that the guide names, in a process of its own and as users get it, from `dist`.
// `conversation.mjs` is the conversation.

const all = ['websocket', 'fetch-stream', 'event-stream', 'long-poll'];

/** Exact versions, so that a new release cannot change the results. */
const bun = { name: `@oven/bun-linux-${process.arch}`, version: '1.4.5' };
const jsdom = { name: 'jsdom', version: '31.0.1' };
const miniflare = { name: 'miniflare', version: '4.20260730.0' };

const log = (line: string): void => console.info(line);

const inNode = (program: string, ...args: readonly string[]): Promise<string> =>
  runAlone(process.execPath, [`tests/environments/${program}.mjs`, ...args]);

/** @param globals the names of Node's globals that the window gets, as test environments add them */
async function inJsdom(url: string, transports: readonly string[], globals: string): Promise<string> {
  return inNode('in-jsdom', url, transports.join(), await installLibrary(jsdom, log), globals);
}

interface Environment {
  readonly name: string;
  /** The transports that work. By default all. */
  readonly works?: readonly string[];
  /** What the attempts of the others say. */
  readonly reason?: string;
  readonly quick?: boolean;
  /** Builds the page whose files the server serves. */
  readonly build?: () => Promise<Files>;
  /** Runs one conversation by each transport. @returns the results as JSON */
  readonly converse: (url: string, transports: readonly string[]) => Promise<string>;
}

const nodeFetch = 'fetch,Response,TextEncoder,TextDecoder,ReadableStream';

const environments: readonly Environment[] = [
  { name: 'Node', quick: true, converse: (url, transports) => inNode('in-node', url, transports.join()) },
  { name: 'happy-dom', quick: true, converse: (url, transports) => inNode('in-happy-dom', url, transports.join()) },
  {
    name: 'jsdom with fetch and AbortController of Node',
    converse: (url, transports) => inJsdom(url, transports, `${nodeFetch},AbortController,AbortSignal`),
  },
  {
    name: 'jsdom with fetch of Node and its own AbortController',
    works: ['websocket'],
    reason: 'to be an instance of AbortSignal',
    converse: (url, transports) => inJsdom(url, transports, nodeFetch),
  },
  {
    name: 'jsdom without fetch',
    works: ['websocket'],
    reason: 'fetch is not defined',
    converse: (url, transports) => inJsdom(url, transports, 'TextEncoder,TextDecoder'),
  },
  {
    name: 'Bun',
    converse: async (url, transports) =>
      runAlone(await installProgram(bun, 'bin/bun', log), ['tests/environments/in-node.mjs', url, transports.join()]),
  },
  {
    name: 'workerd',
    converse: async (url, transports) => {
      const main = join(await installLibrary(miniflare, log), 'dist/src/index.js');
      return inNode('in-workerd', url, transports.join(), main);
    },
  },
  { name: 'a service worker of Chromium', build: buildServiceWorkerPage, converse: converseInChromium },
  { name: 'a module worker built by Vite', build: buildVitePage, converse: converseInChromium },
];

let http: Server;
let wire: WireServer;
let files: Files = new Map();

beforeAll(async () => {
  http = createServer(({ url = '/' }, answer) => {
    const type = url.endsWith('js') ? 'text/javascript' : 'text/html';
    answer.writeHead(files.has(url) ? 200 : 404, { 'content-type': type }).end(files.get(url));
  });
  wire = createWireServer({
    onSession: (session) => {
      session.onMessage = (data) => void session.send(`${data}!`);
      session.onRequest = (data) => `${data}?`;
    },
  });
  wire.attach(http);
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
});

afterAll(async () => {
  await wire.close({ deadlineMs: 0 });
  http.closeAllConnections();
  http.close();
});

for (const { name, works = all, reason = '', quick = false, build, converse } of environments) {
  it(`${name} runs a conversation by ${works.join(', ')}, and calls each handler once`, {
    tags: wideUnless(quick),
  }, async () => {
    files = (await build?.()) ?? new Map();
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/everywire`;
    const results = JSON.parse(await converse(url, all));
    const talked = {
      calls: { onopen: 1, open: 1, onmessage: 1, message: 1, onclose: 1, close: 1 },
      received: ['hello!', 'question?'],
    };
    const failed = {
      calls: { onerror: 1, error: 1, onclose: 1, close: 1 },
      received: [],
      failure: expect.stringContaining(reason),
    };
    expect(results).toEqual(
      Object.fromEntries(all.map((transport) => [transport, works.includes(transport) ? talked : failed])),
    );
  });
}
