import { requestSchemas } from '@everywire/chat-server/internal';
import { describe, expect, it } from 'vitest';
import { notSimulated } from './not-simulated.js';
import { simulateSeed } from './simulate.js';

/** Enough that each is accepted in some of them. */
const seeds = 120;

describe('the simulator', () => {
  it('meets every command and query of the protocol but those that are listed, with a reason', async () => {
    const answered = new Set<string>();
    for (let seed = 1; seed <= seeds; seed += 1) {
      const result = await simulateSeed(seed);
      expect(result.failures).toEqual([]);
      for (const name of result.answered) answered.add(name);
    }
    const missing = Object.keys(requestSchemas).filter((name) => !answered.has(name));
    expect(missing.toSorted()).toEqual(Object.keys(notSimulated).toSorted());
  }, 60_000);
});
