import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type CheckpointEvents, startCheckpointer } from './checkpointer.js';
import { DEFAULT_SQLITE_STORE_LIMITS } from './limits.js';

// Tests the checkpoint thread, which copies committed pages from the write-ahead log of SQLite to the database file.

const missing = join(tmpdir(), 'everywire-no-such-store.db');

it('a checkpoint thread that fails is reported, so that the writer checkpoints itself', async () => {
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

it('closing an ended checkpointer returns immediately, is not reported, and empties no log afterwards', async () => {
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
