import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type CheckpointEvents, startCheckpointer } from './checkpointer.js';
import { DEFAULT_SQLITE_STORE_LIMITS } from './limits.js';

const missing = join(tmpdir(), 'everywire-no-such-store.db');

it('says so when the thread cannot do its work, so that the writer checkpoints on its own', async () => {
  const seen: string[] = [];
  const reason = await new Promise<unknown>((resolve) => {
    const events: CheckpointEvents = {
      hold: () => seen.push('hold'),
      resume: () => seen.push('resume'),
      lost: resolve,
    };
    startCheckpointer(missing, 4_096, DEFAULT_SQLITE_STORE_LIMITS, events);
  });
  expect(String(reason)).toMatch(/unable to open database|does not exist/);
  expect(seen).toEqual([]);
});

it('closes at once when the thread is gone already, reports no close that was asked for, and empties no log afterwards', async () => {
  let lost = 0;
  const events: CheckpointEvents = {
    hold: () => undefined,
    resume: () => undefined,
    lost: () => {
      lost += 1;
    },
  };
  const checkpointer = startCheckpointer(missing, 4_096, DEFAULT_SQLITE_STORE_LIMITS, events);
  await checkpointer.close();
  await checkpointer.close();
  expect(lost).toBe(0);
  expect(await checkpointer.empty()).toBe(false);
});
