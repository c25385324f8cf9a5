import { exceededLimits, quantile, summarizeRounds } from './paired-ratios.mjs';

/** Above this share of a processor, other programs disturbed the rounds: README.md says to repeat the run. */
const FOREIGN_PCT_MAX = 5;

/**
 * Judges a load by its rounds (`measureRounds`): each of `figures` by itself, and the load by all of them. `verdict` is
 * `no slower`, `slower`, or `failed`, which a load with a `failure` always is.
 */
export function judgeLoad({ figures, cells, failure }) {
  const foreign = foreignOf(cells);
  if (failure !== undefined) return { verdict: 'failed', failure, figures: [], foreign };
  const judged = figures.map(({ key, unit }) => {
    const summary = summarizeRounds(
      cells.map(({ base, candidate }) => ({ base: base[key], candidate: candidate[key] })),
    );
    return { key, unit, ...summary, exceeded: exceededLimits(summary) };
  });
  const verdict = judged.some(({ exceeded }) => exceeded.length > 0) ? 'slower' : 'no slower';
  return { verdict, figures: judged, foreign };
}

/** Returns the processor time of other programs, in per cent of one processor; `null` without rounds. */
function foreignOf(cells) {
  if (cells.length === 0) return null;
  const shares = cells.flatMap(({ base, candidate }) => [base.foreign_pct, candidate.foreign_pct]);
  const median = quantile(shares, 0.5);
  return { median, most: Math.max(...shares), disturbed: median > FOREIGN_PCT_MAX };
}
