// @module-tag wide
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Sender } from './sender.js';
import { ServerProcess } from './server-process.js';

const deadline = { timeout: 120_000, interval: 20 };
let data: string;
let server: ServerProcess;
let senders: readonly Sender[];

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'everywire-presence-'));
  server = new ServerProcess(data);
  senders = [];
});

afterEach(async () => {
  await Promise.all(senders.map((sender) => sender.close()));
  await server.kill();
  rmSync(data, { recursive: true });
}, 600_000);

it('[pain 23] after a killed server restarts, only users who return are online', async () => {
  await server.start().started;
  senders = await Promise.all(
    ['ann', 'bo', 'cy'].map((name) => Sender.join(server.url, name, name === 'bo' ? 'long-poll' : 'websocket')),
  );
  const [ann, bo, cy] = senders as [Sender, Sender, Sender];
  const states = () => [ann, cy].map(({ id }) => bo.client.presence(id).state);
  bo.client.watchPresence([ann.id, cy.id], () => undefined);
  await expect.poll(states, deadline).toEqual(['online', 'online']);

  await server.kill();
  // The client cannot know, so it claims nothing.
  await expect.poll(states, deadline).toEqual(['unknown', 'unknown']);
  const leaving = ann.close();
  await server.start().started;
  for (const { client } of [bo, cy]) client.retryNow();
  await expect.poll(states, deadline).toEqual(['away', 'online']);
  await leaving;
  expect(bo.client.presence(ann.id)).toEqual({ state: 'away', lastSeenAt: null });
}, 600_000);
