import { expect, test } from 'vitest';
import type { Spent } from './node-message.js';
import { SharedCounts } from './shared-counts.js';

test('spending and giving back on one node is counted on the others, separately for each limit', () => {
  const nodes: SharedCounts[] = [];
  const create = (): SharedCounts => {
    const counts: SharedCounts = new SharedCounts((spent: Spent) => {
      expect(spent.key).not.toContain('ann');
      for (const other of nodes) if (other !== counts) other.receive(spent);
    });
    nodes.push(counts);
    return counts;
  };
  const limits = { capacity: 2, refillMs: 100, keysMax: 10 };
  const [a, b, of] = [create(), create(), create()].map((counts) => counts.create('guesses', limits));
  const mails = nodes[1]!.create('mails', limits);
  a!.spend('ann', 0);
  b!.spend('ann', 0);
  expect([a, b, of].map((buckets) => buckets!.spend('ann', 0))).toEqual([100, 100, 100]);
  expect(mails.spend('ann', 0)).toBe(0);
  b!.giveBack('ann');
  expect([of!.spend('ann', 0), a!.spend('ann', 0)]).toEqual([0, 100]);
  expect(a!.spend('ann', 100)).toBe(0);
});
