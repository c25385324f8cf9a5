/**
 * Prints the medians of a way's rounds, and of each table that a send updates the share of updates that stayed on their
 * page (HOT).
 */
export function printWay(name, cells, shares) {
  const own = cells.filter(({ way }) => way === name);
  const of = (figure, digits = 0) => median(own.map((cell) => cell[figure])).toFixed(digits);
  const hot = shares.map(({ table, share }) => `${table} ${percent(share)}`).join(', ');
  console.log(`\n${name}: ${of('perSecond')} sends a second (${rangeOf(own.map(({ perSecond }) => perSecond))})`);
  console.log(`  p50 ${of('p50Ms', 1)} ms  p99 ${of('p99Ms', 1)} ms`);
  console.log(`  a send: Node ${of('nodeUs')} us  PostgreSQL ${of('postgresUs')} us  log ${of('walBytes')} bytes`);
  console.log(`  HOT: ${hot}  foreign ${percent(median(own.map(({ foreign }) => foreign)))}`);
}

/** Prints how many times as much one way does as another, of the rounds in which both had their turn. */
export function printRatio(name, other, cells) {
  const [ours, theirs] = [name, other].map((each) => cells.filter(({ way }) => way === each));
  const ratio = (figure) => median(ours.map((cell, round) => cell[figure] / theirs[round][figure])).toFixed(2);
  console.log(
    `\n${name} / ${other}: ${ratio('perSecond')} x the sends a second, ${ratio('postgresUs')} x the server's processor time, ${ratio('walBytes')} x the log`,
  );
}

/** Prints the medians of what was measured once a round. */
export function printLatencies(title, cells) {
  const of = (figure) => median(cells.map((cell) => cell[figure])).toFixed(1);
  console.log(
    `\n${title}: p50 ${of('p50Ms')} ms  p99 ${of('p99Ms')} ms (${rangeOf(
      cells.map(({ p99Ms }) => p99Ms),
      1,
    )})`,
  );
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}

function rangeOf(values, digits = 0) {
  return `${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)}`;
}

function percent(share) {
  return `${(share * 100).toFixed(1)} %`;
}
