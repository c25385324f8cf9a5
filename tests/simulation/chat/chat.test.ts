import { expect, it } from 'vitest';
import { simulateSeed } from './simulate.js';

/** 300 here; `EVERYWIRE_SEEDS` widens it. */
const seeds = Number(process.env['EVERYWIRE_SEEDS'] ?? 300);

it('[CH-1] [CH-2] [CH-3] [CH-4] [CH-8] [CH-11] [CH-13] [CH-14] [CH-17] [CH-18] [CH-25] holds under every seed', async () => {
  const failed: string[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { failures } = await simulateSeed(seed);
    if (failures.length > 0) failed.push(`seed ${seed}: ${failures.join('; ')}`);
  }
  expect(failed).toEqual([]);
}, 600_000);
