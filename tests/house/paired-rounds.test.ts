import { describe, expect, it } from 'vitest';
import { type Figures, measureRounds, type Side } from '../../bench/against/paired-rounds.mjs';

/** The figures of a valid measurement. */
const good: Figures = { errors: 0, deliveries: 100, cpu_us: 5 };

/** Runs rounds with the figures of `figuresOf`. Returns the measured sides in order, and the result. */
async function measure(rounds: number, figuresOf: (side: Side, at: number) => Figures | Error) {
  const order: Side[] = [];
  const result = await measureRounds({
    rounds,
    keys: ['cpu_us'],
    run: async (side) => {
      order.push(side);
      const figures = figuresOf(side, order.length);
      if (figures instanceof Error) throw figures;
      return figures;
    },
  });
  return { order, ...result };
}

describe('measureRounds', () => {
  it('both sides are measured in each round, in alternating order', async () => {
    const { order, cells, failure } = await measure(3, (side) => ({ ...good, cpu_us: side === 'base' ? 1 : 2 }));
    expect(order).toEqual(['base', 'candidate', 'candidate', 'base', 'base', 'candidate']);
    expect(cells.map(({ base, candidate }) => [base['cpu_us'], candidate['cpu_us']])).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    expect(failure).toBeUndefined();
  });

  it.each([
    { what: 'errors', figures: { ...good, errors: 3 }, says: 'candidate, round 2: 3 errors' },
    { what: 'no count of errors', figures: { cpu_us: 5 }, says: 'candidate, round 2: undefined errors' },
    { what: 'no deliveries', figures: { ...good, deliveries: 0 }, says: 'candidate, round 2: nothing was delivered' },
    { what: 'no figure', figures: { errors: 0 }, says: 'candidate, round 2: cpu_us is undefined' },
    { what: 'a figure of 0', figures: { ...good, cpu_us: 0 }, says: 'candidate, round 2: cpu_us is 0' },
    { what: 'an exception', figures: new Error('gen:\n  lost\n'), says: 'candidate, round 2: gen: lost' },
  ])('a side with $what fails the load and ends its rounds', async ({ figures, says }) => {
    const { order, cells, failure } = await measure(3, (_, at) => (at === 3 ? figures : good));
    expect(failure).toBe(says);
    expect(order).toHaveLength(3);
    expect(cells).toHaveLength(1);
  });
});
