import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Spent } from './node-message.js';
import { SharedCounts } from './shared-counts.js';

/** Creates the counts of nodes that report to each other. Each node has its own clock. */
function createNodes(clocks: readonly (() => number)[]): readonly SharedCounts[] {
  const nodes: SharedCounts[] = [];
  for (const clock of clocks) {
    const counts: SharedCounts = new SharedCounts((spent: Spent) => {
      expect(spent.key).not.toContain('ann');
      for (const other of nodes) if (other !== counts) other.receive(spent);
    }, clock);
    nodes.push(counts);
  }
  return nodes;
}

test('spending and giving back on one node is counted on the others, separately for each limit', () => {
  let now = 0;
  const clock = (): number => now;
  const nodes = createNodes([clock, clock, clock]);
  const limits = { capacity: 2, refillMs: 100, keysMax: 10 };
  const [a, b, of] = nodes.map((counts) => counts.create('guesses', limits));
  const mails = nodes[1]!.create('mails', limits);
  a!.spend('ann');
  b!.spend('ann');
  expect([a, b, of].map((buckets) => buckets!.spend('ann'))).toEqual([100, 100, 100]);
  expect(mails.spend('ann')).toBe(0);
  b!.giveBack('ann');
  expect([of!.spend('ann'), a!.spend('ann')]).toEqual([0, 100]);
  now = 100;
  expect(a!.spend('ann')).toBe(0);
});

test.each([0, 1_000, 3_600_000, -1e12])(
  'guesses by turns at nodes whose clocks are %d ms apart are not refilled',
  (apart) => {
    const buckets = createNodes([() => 1e12, () => 1e12 + apart]).map((counts) =>
      counts.create('guesses', { capacity: 5, refillMs: 100, keysMax: 10 }),
    );
    const allowed = Array.from({ length: 1_000 }, (_, at) => buckets[at % 2]!.spend('ann')).filter(
      (wait) => wait === 0,
    );
    expect(allowed).toHaveLength(5);
  },
);

test('a report is charged by the clock of the receiver, so an old bucket is refilled first', () => {
  let now = 0;
  const nodes = createNodes([() => now, () => now]);
  const [a, b] = nodes.map((counts) => counts.create('guesses', { capacity: 2, refillMs: 100, keysMax: 10 }));
  expect([a!.spend('ann'), a!.spend('ann')]).toEqual([0, 0]);
  now = 1_000;
  expect([b!.spend('ann'), b!.spend('ann')]).toEqual([0, 0]);
  expect(a!.spend('ann')).toBe(100);
});

const key = createHash('sha256').update('ann').digest('base64url');

test.each([
  { amount: -1_000 },
  { amount: 1e9 },
  { amount: 0.5 },
  { amount: Number.NaN },
  { amount: '1' },
  { amount: undefined },
  { amount: -1, key: 'x'.repeat(1_000) },
  { amount: 1, key: 7 },
  { amount: 1, key: undefined },
  { amount: 1, of: '__proto__' },
])('a report of %j changes no bucket', (forged) => {
  const counts = new SharedCounts(
    () => undefined,
    () => 0,
  );
  const buckets = counts.create('guesses', { capacity: 2, refillMs: 100, keysMax: 10 });
  buckets.spend('ann');
  counts.receive({ of: 'guesses', key, ...forged } as Spent);
  expect([buckets.spend('ann'), buckets.spend('ann')]).toEqual([0, 100]);
});

test('right passwords at one node evict no key at another', () => {
  const [a, b] = createNodes([() => 0, () => 0]).map((counts) =>
    counts.create('guesses', { capacity: 1, refillMs: 100, keysMax: 2 }),
  );
  a!.spend('ann');
  for (const name of ['bob', 'cy', 'di']) {
    b!.spend(name);
    b!.giveBack(name);
  }
  expect(a!.spend('ann')).toBe(100);
});
