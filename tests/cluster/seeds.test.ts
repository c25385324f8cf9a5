import type { SeededRandom } from '@everywire/testkit';
import { describe, expect, it } from 'vitest';
import { assertsFigures, wideUnless } from '../lane.js';
import { type Cluster, startCluster } from './cluster.js';
import { type Faults, people, RandomRun } from './random-run.js';

/*
 * Three chat servers over one store, with people on all of them, while messages between the servers are lost, late,
 * repeated and cut off. At the end every device shows what a new device would.
 */

const quickSeeds = 20;
const seeds = 200;
/** The most milliseconds after the last fault until all devices show the same. */
const sameWithinMs = 4_000;

function brokerFaults({ nodes }: Cluster): Faults {
  return {
    async inject(random: SeededRandom): Promise<void> {
      const { broker } = random.pick(nodes);
      const replay = random.chance(0.3);
      random.pick([
        () => broker.lose(1 + random.below(3)),
        () => broker.repeat(),
        () => broker.cut(),
        () => broker.repair({ replay }),
        () => broker.delay(),
        () => broker.takeUp(),
      ])();
    },
    async end(): Promise<void> {
      for (const { broker } of nodes) {
        broker.repair();
        broker.takeUp();
      }
    },
  };
}

const numbers = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from }, (_, at) => from + at);

describe.concurrent.each([
  { some: numbers(1, 1 + quickSeeds), quick: true },
  { some: numbers(1 + quickSeeds, 1 + seeds), quick: false },
])('three servers over one store, and faults between them', ({ some, quick }) => {
  const options = { timeout: 240_000, tags: wideUnless(quick) };

  it.each(some)(
    '[CH-16.2] [SN-26.6] every device finally shows what a new device shows: seed %i',
    options,
    async (seed) => {
      const cluster = await startCluster({ nodes: 3, people });
      const run = await RandomRun.start(seed, cluster, brokerFaults(cluster));
      try {
        await run.perform();
        await run.endFaults();
        const begun = performance.now();
        await run.expectSame();
        if (assertsFigures) expect(performance.now() - begun).toBeLessThan(sameWithinMs);
      } finally {
        await run.stop();
        await cluster.stop();
      }
    },
  );
});
