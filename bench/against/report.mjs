import { NO_SLOWER } from './paired-ratios.mjs';

const names = { median: 'median', lowerQuartile: 'lower quartile' };
const ratio = (number) => number.toFixed(3);
/** Four digits, as a ratio of 1.001 has. */
const amount = (number) => (number < 1_000 ? Number(number.toPrecision(4)) : Math.round(number)).toString();

/** Prints the compared versions, and the meaning of 'no slower'. */
export function headLines({ base, candidate, rounds, warmS, measureS }) {
  const changes = candidate.changed === 0 ? 'without changes' : `with ${candidate.changed} uncommitted files`;
  const same = candidate.changed === 0 && candidate.hash === base.hash;
  return [
    `base       ${base.revision}: ${base.title}`,
    `candidate  the working tree, ${changes}, on ${candidate.title}`,
    ...(same ? ['Both are the same: this run shows the spread of the method itself.'] : []),
    `${rounds} ${rounds === 1 ? 'round' : 'rounds'} of both sides on Node ${process.version}, each warmed up for ${warmS} s and measured for ${measureS} s; ratios are candidate / base`,
    `no slower: median at most ${NO_SLOWER.median} and lower quartile at most ${NO_SLOWER.lowerQuartile}`,
  ];
}

/** One line while a load runs, so that an outlier can be traced to its round. */
export function roundLine(round, figures, { base, candidate }) {
  const pairs = figures.map(
    ({ key }) => `${amount(base[key])} -> ${amount(candidate[key])} (${ratio(candidate[key] / base[key])})`,
  );
  const foreign = `foreign ${percent(base)} and ${percent(candidate)} %`;
  return `  round ${String(round).padStart(2)}  ${pairs.join('  ')}  ${foreign}`;
}

const percent = ({ foreign_pct }) => foreign_pct.toFixed(0);

/** The result of one load. */
export function loadLines({ verdict, failure, figures, foreign }) {
  if (verdict === 'failed') return [`  FAILED  ${failure}`];
  return [...figures.flatMap(figureLines), ...foreignLines(foreign), `  ${verdict.toUpperCase()}`];
}

function figureLines({ unit, median, lowerQuartile, upperQuartile, least, most, exceeded, ...absolute }) {
  const why = exceeded.length === 0 ? '' : `  above the limit: ${exceeded.map((name) => names[name]).join(', ')}`;
  return [
    `  ${unit}: base ${amount(absolute.baseMedian)}, candidate ${amount(absolute.candidateMedian)}`,
    `    median ${ratio(median)}  quartiles ${ratio(lowerQuartile)} to ${ratio(upperQuartile)}  spread ${ratio(least)} to ${ratio(most)}${why}`,
  ];
}

function foreignLines(foreign) {
  if (foreign === null) return [];
  const repeat = foreign.disturbed ? ': other programs were running' : '';
  return [`  errors 0, foreign ${foreign.median.toFixed(0)} % (at most ${foreign.most.toFixed(0)} %)${repeat}`];
}

/** The result of the whole run: which loads are slower or failed, and which have to be repeated to mean anything. */
export function verdictLine(results) {
  const of = (verdict) => results.filter((result) => result.verdict === verdict).map(({ load }) => load);
  const parts = ['slower', 'failed'].filter((verdict) => of(verdict).length > 0);
  const verdicts = parts.map((verdict) => `${verdict.toUpperCase()}: ${of(verdict).join(', ')}`);
  if (verdicts.length === 0) verdicts.push(`no slower: ${of('no slower').join(', ')}`);
  const disturbed = results.filter(({ foreign }) => foreign?.disturbed).map(({ load }) => load);
  if (disturbed.length > 0) verdicts.push(`disturbed by other programs, repeat: ${disturbed.join(', ')}`);
  return verdicts.join('; ');
}
