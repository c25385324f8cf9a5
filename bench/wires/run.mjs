/**
 * `npm run bench -- wires`: what one calm conversation costs over each transport in Chromium, at a round trip of 100
 * ms: requests, connections, bytes both ways, and how long a message is on its way.
 *
 * `--transports long-poll,websocket`, `--ms 50` (one way), `--save` (into bench/results/wires.json, and the tables of
 * docs/transports).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createWireServer } from '@everywire/server';
import { createFaultProxy } from '@everywire/testkit';
import { build as bundle } from 'esbuild';
import { chromium } from 'playwright-core';
import { writeRows } from '../../scripts/write-rows.mjs';

/** All that live in this browser. */
const wires = [
  ...['websocket', 'fetch-stream', 'event-stream', 'xhr-stream', 'multipart-stream', 'iframe-stream'],
  ...['long-poll', 'short-poll', 'jsonp-poll'],
];

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    transports: { type: 'string', default: wires.join() },
    ms: { type: 'string', default: '50' },
    save: { type: 'boolean', default: false },
  },
});
const delayMs = Number(values.ms);
/** One message a second downstream and one in four seconds upstream, like a conversation of two users. */
const talk = { downs: 24, downMs: 1_000, upMs: 4_000 };

const files = await bundlePage();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
});
// Side by side: nearly all of the time is waiting.
const rows = await Promise.all(values.transports.split(',').map((transport) => measure(transport)));
await browser.close();
print(rows);
if (values.save) save(rows);

/** In one file, so that nothing but the conversation is counted. */
async function bundlePage() {
  const { outputFiles } = await bundle({
    entryPoints: [fileURLToPath(new URL('page.mjs', import.meta.url))],
    ...{ bundle: true, format: 'esm', platform: 'browser', outdir: 'out', write: false, minify: true },
  });
  return new Map(outputFiles.map((file) => [`/${basename(file.path)}`, file.text]));
}

async function measure(transport) {
  const server = await startServer();
  const proxy = await createFaultProxy(server.port);
  proxy.inject({ kind: 'delay', ms: delayMs });
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    let requests = 0;
    for (const event of ['request', 'websocket']) {
      page.on(event, (one) => {
        requests += Number(one.url().includes('/everywire/'));
      });
    }
    await page.goto(`http://127.0.0.1:${proxy.port}/`);
    await page.waitForFunction(() => 'converse' in window);
    const before = { ...server.counts(), requests };
    const { ways, firstMs } = await page.evaluate((task) => window.converse(task), { transport, ...talk });
    const after = { ...server.counts(), requests };
    const spent = Object.fromEntries(Object.keys(after).map((name) => [name, after[name] - before[name]]));
    return { transport, ...spent, firstMs: Math.round(firstMs), down: spread(ways), up: spread(server.ways) };
  } finally {
    await context.close();
    await proxy.close();
    await server.stop();
  }
}

/** The page and the wire server, with a count of all that went over its sockets. */
async function startServer() {
  const sockets = new Set();
  const ended = { received: 0, sent: 0 };
  let connections = 0;
  const ways = [];
  const http = createServer(({ url }, answer) => {
    const script = files.get(url);
    answer.writeHead(200, { 'content-type': script ? 'text/javascript;charset=utf-8' : 'text/html;charset=utf-8' });
    answer.end(script ?? '<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>');
  });
  http.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      ended.received += socket.bytesRead;
      ended.sent += socket.bytesWritten;
    });
  });
  const wire = createWireServer({
    jsonp: true,
    onSession: (session) => {
      session.onMessage = (data) => {
        const { at, text } = JSON.parse(data);
        if (text === 'hello') begin(session);
        else ways.push(Date.now() - at);
      };
    },
  });
  wire.attach(http);
  await new Promise((done) => http.listen(0, '127.0.0.1', done));
  const total = (name, field) => [...sockets].reduce((sum, socket) => sum + socket[field], ended[name]);
  return {
    port: http.address().port,
    ways,
    counts: () => ({ connections, bytesUp: total('received', 'bytesRead'), bytesDown: total('sent', 'bytesWritten') }),
    stop: async () => {
      await wire.close();
      http.closeAllConnections();
      await new Promise((done) => http.close(done));
    },
  };
}

function begin(session) {
  let no = 0;
  const say = () => {
    session.send(JSON.stringify({ no, at: Date.now(), text: 'x'.repeat(80) }));
    no += 1;
    if (no > talk.downs) clearInterval(timer);
  };
  const timer = setInterval(say, talk.downMs);
  say();
}

function spread(ways) {
  const sorted = ways.toSorted((a, b) => a - b);
  return { p50: sorted[sorted.length >> 1] ?? null, max: sorted.at(-1) ?? null };
}

function print(all) {
  console.log(
    `${talk.downs} messages down, ${Math.floor((talk.downs * talk.downMs) / talk.upMs)} up, 100 bytes each; ${2 * delayMs} ms round trip\n`,
  );
  for (const row of all) {
    console.log(
      `${row.transport.padEnd(18)} ${String(row.requests).padStart(4)} requests ${String(row.connections).padStart(3)} connections ${String(row.bytesUp).padStart(7)} bytes up ${String(row.bytesDown).padStart(7)} down  first ${row.firstMs} ms  down p50 ${row.down.p50} max ${row.down.max} ms  up p50 ${row.up.p50} max ${row.up.max} ms`,
    );
  }
}

function save(all) {
  const file = fileURLToPath(new URL('../results/wires.json', import.meta.url));
  writeRows(file, { date: new Date().toISOString(), roundTripMs: 2 * delayMs, talk, rows: all });
  console.log(`\nwritten to ${file}`);
  for (const page of ['transports.md', 'transports.zh.md'])
    fillTable(new URL(`../../docs/${page}`, import.meta.url), all);
}

/** The figures of the page are those of the saved run, in both languages. */
function fillTable(page, all) {
  const lines = all.map(
    ({ transport, requests, bytesUp, bytesDown, firstMs, down, up }) =>
      `| \`${transport}\` | ${requests} | ${bytesUp} | ${bytesDown} | ${firstMs} ms | ${down.p50} ms | ${up.p50} ms |`,
  );
  const text = readFileSync(page, 'utf8');
  const filled = text.replace(/(<!-- wires -->\n.*\n.*\n)[\s\S]*?(<!-- \/wires -->)/, `$1${lines.join('\n')}\n$2`);
  writeFileSync(page, filled);
}
