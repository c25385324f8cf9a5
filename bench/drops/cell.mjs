/**
 * One run: server, proxy and client in this one process, so that there is one clock. Started by `run.mjs` as
 * `node cell.mjs '{"system":"ws","scenario":"S1","seed":1,"quick":false}'`; prints one line of JSON.
 */
import { existsSync, readFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFaultProxy, createRandom } from '@everywire/testkit/internal';
import { systems } from './adapters/systems.mjs';
import { scenario } from './scenarios.mjs';
import { createTally } from './tally.mjs';

/** Messages a second, each way. */
const RATE = 20;
/** Milliseconds that a system has to connect; one that cannot is measured all the same. */
const CONNECT_MS = 10_000;
/** Milliseconds from there to the first message: a change to a better transport is over. */
const SETTLE_MS = 2000;
/** Milliseconds without faults at the end, in which messages in flight may still arrive. */
const DRAIN_MS = 15_000;
/** Milliseconds in which repeated messages may still arrive. */
const ECHO_MS = 1500;

const errors = {};
const note = (error) => {
  const text = String(error?.message ?? error).slice(0, 80);
  errors[text] = (errors[text] ?? 0) + 1;
};
process.on('uncaughtException', note);
process.on('unhandledRejection', note);

const { system, scenario: scenarioName, seed, quick } = JSON.parse(process.argv[2]);
console.log(JSON.stringify(await measure(await systems[system].load(), scenario(scenarioName, quick))));
process.exit(0);

async function measure(adapter, plan) {
  const up = createTally();
  const down = createTally();
  hurry();
  const talk = await connect(adapter, plan, { up, down });
  const outages = [];
  const net = {
    proxy: talk.proxy,
    random: createRandom(seed),
    out: (ms) => outages.push({ from: performance.now(), to: performance.now() + ms }),
  };
  const before = { ...talk.changes };
  const lag = monitorEventLoopDelay({ resolution: 10 });
  lag.enable();
  const start = performance.now();
  const total = plan.seconds * RATE;
  const stop = plan.begin(net, plan);
  await send(total, start, { talk, up, down });
  const end = performance.now();
  stop();
  const disconnects = talk.changes.disconnects - before.disconnects;
  await drain(() => up.isWhole(total) && down.isWhole(total));
  const span = { start, end, outages, recoveryMs: plan.silenceMs };
  return {
    system,
    scenario: scenarioName,
    seed,
    up: { ...up.result(span), waiting: talk.client.waiting?.() ?? 0 },
    down: down.result(span),
    disconnects,
    connects: talk.changes.connects,
    connectMs: talk.changes.firstMs,
    notes: talk.client.notes?.() ?? {},
    lagMs: Math.round(lag.max / 1e6),
    proxy: talk.proxy.counters,
    errors,
    versions: versionsOf(adapter.packages),
  };
}

/**
 * What took the processor is loaded: from here on it needs little, and needs it in time. Where that may not be asked
 * for, a run that came too late is repeated.
 */
function hurry() {
  try {
    setPriority(constants.priority.PRIORITY_HIGH);
  } catch {}
}

async function connect(adapter, plan, { up, down }) {
  const changes = { connects: 0, disconnects: 0, firstMs: null };
  const server = await adapter.startServer({ onMessage: up.got });
  const proxy = await createFaultProxy(server.port);
  for (const fault of plan.faults) proxy.inject(fault);
  let client;
  const from = performance.now();
  const connected = new Promise((done) => {
    const onConnect = () => {
      changes.connects += 1;
      changes.firstMs ??= Math.round(performance.now() - from);
      done();
    };
    const onDisconnect = () => {
      changes.disconnects += 1;
    };
    client = adapter.connect(`http://127.0.0.1:${proxy.port}`, { onMessage: down.got, onConnect, onDisconnect });
  });
  await Promise.race([connected, sleep(CONNECT_MS)]);
  await sleep(SETTLE_MS);
  return { server, proxy, client, changes };
}

async function send(total, start, { talk, up, down }) {
  for (let number = 0; number < total; number += 1) {
    const waitMs = start + (number * 1000) / RATE - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    down.sent(number);
    attempt(() => talk.server.push(number));
    up.sent(number);
    attempt(() => talk.client.send(number));
  }
}

function attempt(act) {
  try {
    act();
  } catch (error) {
    note(error);
  }
}

/** Waits until all messages have arrived, and a while longer for repetitions. */
async function drain(isWhole) {
  const deadline = performance.now() + DRAIN_MS;
  while (performance.now() < deadline && !isWhole()) await sleep(50);
  await sleep(ECHO_MS);
}

function versionsOf(packages) {
  return Object.fromEntries(packages.map((name) => [name, versionOf(name, new URL('.', import.meta.url))]));
}

/** Not by `require`: most packages do not export their `package.json`. */
function versionOf(name, folder) {
  const file = new URL(`node_modules/${name}/package.json`, folder);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : versionOf(name, new URL('..', folder));
}
