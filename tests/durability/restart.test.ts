import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LogInspection, unharmed } from './log-inspection.js';
import { Sender } from './sender.js';
import { ServerProcess } from './server-process.js';
import { within } from './within.js';

const deadlineMs = 60_000;
const people = 4;
let data: string;
let server: ServerProcess;
let senders: readonly Sender[];
let conversation: number;

beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'everywire-restart-'));
  server = new ServerProcess(data, { EVERYWIRE_LOG: 'info' });
  await server.start().started;
  senders = await Sender.joinMany(server.url, people);
  const [first, ...others] = senders as [Sender, ...Sender[]];
  conversation = await first.client.createGroup(
    'Reading',
    others.map(({ id }) => id),
  );
  for (const sender of senders) sender.open(conversation);
});

afterEach(async () => {
  await Promise.all(senders.map((sender) => sender.close()));
  await server.kill();
  rmSync(data, { recursive: true });
}, deadlineMs);

const state = (): string => [...senders.map((sender) => sender.describe()), server.lines].join('\n');

/** Runs `work` while every sender sends ten messages a second. */
async function inTraffic(work: () => Promise<void>): Promise<void> {
  const talking = setInterval(() => {
    for (const sender of senders) sender.send(conversation);
  }, 100);
  try {
    await work();
  } finally {
    clearInterval(talking);
  }
}

/** Starts the server while another program occupies its port, and expects it to fail. */
async function startOnOccupiedPort(): Promise<void> {
  const occupant = createServer((socket) => socket.destroy()).listen(Number(new URL(server.url).port), '127.0.0.1');
  await once(occupant, 'listening');
  await expect(server.start().started).rejects.toThrow('is in use');
  occupant.close();
  await once(occupant, 'close');
}

it('[SN-24] a stopped server hands its sessions to the next process, and no user appears away', async () => {
  const [watcher, watched] = senders as [Sender, Sender, ...Sender[]];
  const seen = new Set<string>();
  const look = (): void => void seen.add(watcher.client.presence(watched.id).state);
  watcher.client.watchPresence([watched.id], look);
  await expect.poll(() => watcher.client.presence(watched.id).state, { timeout: deadlineMs }).toBe('online');
  seen.clear();
  for (let count = 0; count < 2; count += 1)
    await inTraffic(async () => {
      await delay(300);
      await server.stop();
      expect(readdirSync(data)).toContain('sessions');
      if (count === 1) await startOnOccupiedPort();
      await server.start().started;
      expect(readdirSync(data)).not.toContain('sessions');
      await delay(300);
    });
  const drained = Promise.all(senders.map((sender) => sender.drained()));
  await within(deadlineMs, 'acknowledging everything', drained, state);
  const newest = new LogInspection(join(data, 'everywire.sqlite')).newest(conversation, 10);
  const shown = Promise.all(senders.map((sender) => sender.showing(conversation, newest)));
  await within(deadlineMs, 'showing the newest messages', shown, state);
  await expect.poll(() => watcher.client.presence(watched.id).state, { timeout: deadlineMs }).toBe('online');
  // Presence is unknown while the server is down, but no user was ever away.
  expect([...seen].toSorted()).toEqual(['online', 'unknown']);
  await Promise.all(senders.map((sender) => sender.close()));
  await server.stop();
  // A session that its client had abandoned would be counted in addition to its successor.
  expect(server.lines.match(/(?<=resumed from the previous process: )\d+/g)).toEqual(Array(3).fill(`${people}`));
  expect(new LogInspection(join(data, 'everywire.sqlite')).damage(senders, true)).toEqual(unharmed);
  expect(server.lines).not.toMatch(/error|lost/i);
}, 180_000);
