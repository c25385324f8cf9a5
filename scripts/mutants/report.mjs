/** Returns lines that describe a mutant: its place and its change. */
export function describeMutant({ id, original, replacement }) {
  return [id, ...marked('-', original), ...marked('+', replacement)].join('\n');
}

function marked(sign, text) {
  const lines = text.split('\n');
  const shown = lines.length > 6 ? [...lines.slice(0, 5), `... ${lines.length - 5} more lines`] : lines;
  return shown.map((line) => `    ${sign} ${line.trim()}`);
}

const counted = ['killed', 'timeout', 'survived', 'no coverage'];

/** Returns the number of mutants by outcome, and the score: the percentage of the counted ones that were detected. */
export function countOutcomes(results) {
  const count = (outcome) => results.filter((result) => result.outcome === outcome).length;
  const counts = Object.fromEntries([...counted, 'equivalent', 'does not compile'].map((name) => [name, count(name)]));
  const sum = counted.reduce((total, name) => total + counts[name], 0);
  const score = sum === 0 ? 100 : ((counts.killed + counts.timeout) / sum) * 100;
  return { ...counts, sum, score };
}

export function summary({ score, sum, ...counts }) {
  const parts = Object.entries(counts).map(([name, number]) => `${name} ${number}`);
  return `${parts.join(', ')}\nscore ${score.toFixed(1)} % of ${sum}`;
}
