/**
 * `npm run bench -- restart`: measures the start of the built server, and the time from SIGTERM until the next process
 * is ready, without clients, and with twenty sessions over the transports of a browser (except JSONP, which is for
 * other origins), raw TCP and an idle connection.
 *
 * `--rounds 3`, `--node PATH` (the Node of the server), `--save` (into bench/results/restart.json).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createWireClient } from '@everywire/client';
import { build as bundle } from 'esbuild';
import { chromium } from 'playwright-core';
import { build, isBuilt } from '../../scripts/build.mjs';
import { writeRows } from '../../scripts/write-rows.mjs';
import { atExit, killAtExit } from '../at-exit.mjs';
import { freePort } from '../free-port.mjs';

const transports = [
  ...['websocket', 'fetch-stream', 'event-stream', 'xhr-stream', 'multipart-stream', 'iframe-stream'],
  ...['long-poll', 'short-poll', 'tcp'],
];
const sessionsMax = 20;

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    node: { type: 'string', default: process.execPath },
    save: { type: 'boolean', default: false },
  },
});

const program = fileURLToPath(new URL('../../apps/everywire/dist/command.js', import.meta.url));
if (!isBuilt()) await build();
const directory = mkdtempSync(join(tmpdir(), 'everywire-restart-'));
atExit(() => rmSync(directory, { recursive: true, force: true }));
const [port, tcpPort] = [await freePort(), await freePort()];
const script = await bundlePage();

const first = await start();
const token = await register();
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const rows = [];
let running = first.child;
for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const isBusy of [false, true]) {
    const close = isBusy ? await openSessions() : async () => {};
    const askedAt = performance.now();
    running.kill('SIGTERM');
    await once(running, 'exit');
    const endedMs = performance.now() - askedAt;
    const next = await start();
    running = next.child;
    rows.push({ sessions: isBusy ? sessionsMax : 0, endedMs, upMs: next.upMs, readyMs: endedMs + next.upMs });
    await close();
  }
}
await browser.close();
running.kill('SIGTERM');
await once(running, 'exit');

const medians = [0, sessionsMax].map((sessions) => {
  const of = (name) => median(rows.filter((row) => row.sessions === sessions).map((row) => row[name]));
  return { sessions, endedMs: of('endedMs'), upMs: of('upMs'), readyMs: of('readyMs') };
});
for (const { sessions, endedMs, upMs, readyMs } of medians)
  console.log(
    `${sessions} sessions: ended after ${endedMs} ms, the next one up after ${upMs} ms, in all ${readyMs} ms`,
  );
if (values.save) {
  const file = fileURLToPath(new URL('../results/restart.json', import.meta.url));
  writeRows(file, { at: new Date().toISOString(), rounds: Number(values.rounds), medians });
}

/** Starts the server and resolves when it answers `/readyz`. */
async function start() {
  const startedAt = performance.now();
  const child = killAtExit(
    spawn(values.node, [program], {
      cwd: directory,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        ...{ PORT: String(port), EVERYWIRE_TCP_PORT: String(tcpPort), EVERYWIRE_LOG: 'error' },
        EVERYWIRE_SESSIONS_PER_PERSON: '100',
      },
    }),
  );
  while (!(await isReady())) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}`);
    await delay(5);
  }
  return { child, upMs: performance.now() - startedAt };
}

async function isReady() {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;
  } catch {
    return false;
  }
}

async function register() {
  const answer = await fetch(`http://127.0.0.1:${port}/api/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'ada', password: 'a long enough password' }),
  });
  return (await answer.json()).token;
}

/** Each in a page of an address of its own: a browser opens six connections to one. Returns what ends them. */
async function openSessions() {
  const context = await browser.newContext({ bypassCSP: true });
  const wires = [];
  const opened = [];
  for (let at = 0; at < sessionsMax; at += 1) {
    const transport = transports[at % transports.length];
    opened.push(transport === 'tcp' ? openTcp(wires) : openPage(context, at, transport));
  }
  await Promise.all(opened);
  // As browsers open them in advance.
  const unasked = connect(port, '127.0.0.1').on('error', () => {});
  await once(unasked, 'connect');
  return async () => {
    unasked.destroy();
    for (const wire of wires) wire.close();
    await context.close();
  };
}

async function openPage(context, at, transport) {
  const page = await context.newPage();
  await page.goto(`http://127.0.0.${at + 1}:${port}/api/docs`);
  await page.evaluate(script);
  await page.evaluate((task) => window.openSession(task), { transport, token });
}

function openTcp(wires) {
  const wire = createWireClient(`http://127.0.0.1:${port}/everywire`, {
    transports: ['tcp'],
    tcp: `tcp://127.0.0.1:${tcpPort}`,
    token: () => token,
  });
  wires.push(wire);
  return new Promise((resolve, reject) => {
    wire.onopen = () => resolve();
    wire.onclose = () => reject(new Error('raw TCP closed'));
  });
}

async function bundlePage() {
  const { outputFiles } = await bundle({
    entryPoints: [fileURLToPath(new URL('page.mjs', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    conditions: ['source'],
  });
  return outputFiles[0].text;
}

function median(numbers) {
  return Math.round(numbers.toSorted((a, b) => a - b)[numbers.length >> 1]);
}
