/** The most that each statistic of the paired ratios may be for a change that counts as no slower. */
export const NO_SLOWER = { median: 1.05, lowerQuartile: 1.03 };

/**
 * Returns the value below which `share` of the numbers lie, by linear interpolation between the two nearest ranks: type
 * 7 of Hyndman and Fan (1996), the default of R and NumPy. Throws without numbers.
 */
export function quantile(numbers, share) {
  if (numbers.length === 0) throw new RangeError('a quantile needs at least one number');
  const sorted = numbers.toSorted((a, b) => a - b);
  const rank = (sorted.length - 1) * share;
  const below = sorted[Math.floor(rank)];
  const above = sorted[Math.ceil(rank)];
  return below + (above - below) * (rank - Math.floor(rank));
}

/**
 * Summarizes the rounds of one figure: each ratio is candidate / base of one round, so 1.1 means 10 % more. Throws
 * unless each round has a positive figure of both sides.
 */
export function summarizeRounds(rounds) {
  const ratios = rounds.map(({ base, candidate }) => {
    if (!(isPositive(base) && isPositive(candidate))) throw new RangeError(`no ratio of ${candidate} to ${base}`);
    return candidate / base;
  });
  return {
    ratios,
    median: quantile(ratios, 0.5),
    lowerQuartile: quantile(ratios, 0.25),
    upperQuartile: quantile(ratios, 0.75),
    least: Math.min(...ratios),
    most: Math.max(...ratios),
    baseMedian: quantile(
      rounds.map(({ base }) => base),
      0.5,
    ),
    candidateMedian: quantile(
      rounds.map(({ candidate }) => candidate),
      0.5,
    ),
  };
}

/** Returns the statistics that exceed their limit, by name. The change is no slower when there are none. */
export function exceededLimits(summary) {
  return Object.keys(NO_SLOWER).filter((name) => summary[name] > NO_SLOWER[name]);
}

const isPositive = (figure) => Number.isFinite(figure) && figure > 0;
