const sides = ['base', 'candidate'];

/**
 * Measures both sides in each of `rounds` rounds. The order alternates, so that a machine that becomes slower or faster
 * affects both alike. `run(side)` measures one side and resolves with its figures; `onRound(cell, round)` is called
 * after each round.
 *
 * Returns `{ cells }`, one `{ base, candidate }` a round, and stops with `failure`, one line, at the first side that
 * throws, counts errors or lacks a figure of `keys`: a load that fails is never judged by the rounds that went well.
 */
export async function measureRounds({ rounds, keys, run, onRound = () => undefined }) {
  const cells = [];
  for (let round = 1; round <= rounds; round += 1) {
    const cell = {};
    for (const side of round % 2 === 1 ? sides : sides.toReversed()) {
      try {
        cell[side] = await run(side);
      } catch (error) {
        return {
          cells,
          failure: `${side}, round ${round}: ${error.message.trim().replace(/\s+/g, ' ').slice(0, 400)}`,
        };
      }
      const problem = problemOf(cell[side], keys);
      if (problem !== null) return { cells, failure: `${side}, round ${round}: ${problem}` };
    }
    cells.push(cell);
    onRound(cell, round);
  }
  return { cells };
}

function problemOf(figures, keys) {
  if (!(figures.errors === 0)) return `${figures.errors} errors`;
  if (figures.deliveries === 0) return 'nothing was delivered';
  const missing = keys.find((key) => !(figures[key] > 0 && Number.isFinite(figures[key])));
  return missing === undefined ? null : `${missing} is ${figures[missing]}`;
}
