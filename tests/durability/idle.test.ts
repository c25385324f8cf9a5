// @module-tag wide
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Sender } from './sender.js';
import { ServerProcess } from './server-process.js';

const people = 20;
const measuredMs = 3_000;

/** Returns the user and system CPU time of a process in milliseconds. Linux counts it in hundredths of a second. */
function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

it('[pain 13] twenty idle users cost the server at most a tenth of one core', async () => {
  const data = mkdtempSync(join(tmpdir(), 'everywire-idle-'));
  const server = new ServerProcess(data);
  await server.start().started;
  const senders = await Sender.joinMany(server.url, people);
  try {
    const [first, ...others] = senders;
    const group = await first?.client.createGroup(
      'Quiet',
      others.map(({ id }) => id),
    );
    for (const { client } of senders) {
      await expect.poll(() => client.getSnapshot().conversations.length, { timeout: 120_000 }).toBe(1);
      client.openTimeline(group ?? 0);
    }
    // A fixed delay: the work after opening the timelines must be done, and the test measures a period without events.
    await delay(1_500);
    const before = processorMs(server.pid);
    await delay(measuredMs);
    expect(processorMs(server.pid) - before).toBeLessThanOrEqual(measuredMs / 10);
  } finally {
    await Promise.all(senders.map((sender) => sender.close()));
    await server.kill();
    rmSync(data, { recursive: true });
  }
}, 600_000);
