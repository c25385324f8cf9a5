/**
 * Retries failures twice, alone: a defect of the code fails again; a test that lost a race with its neighbours passes.
 */

/** A suite with more failed files than this is retried as a whole. */
const filesMax = 5;

/** With more entries than this, nothing is retried: so many do not fail by chance. */
const entriesMax = 10;

/** The age of a run, in seconds, after which nothing is retried. */
const beginUntilSeconds = 30 * 60;

const looks = 2;

/**
 * Retries each failed entry. Returns the results, in which an entry that passed twice counts as passed, and `flaky`,
 * one `{ suite, file, name, problems }` for each of its failures. An entry is a file. It is a whole suite if a failure
 * belongs to no file, if more than five files failed, or if the suite was killed. `deterministic` suites are not
 * retried.
 *
 * `repeat({ suite, file })` runs the file, or with `file: null` the whole suite, and resolves with a result.
 * `elapsedSeconds()` returns the age of the run.
 */
export async function lookAgain({ results, repeat, elapsedSeconds, say = () => {} }) {
  const entries = results.flatMap(entriesOf);
  if (entries.length > entriesMax) {
    say(`${entries.length} files or suites failed, more than ${entriesMax}; none is retried`);
    return { results, flaky: [] };
  }
  let looked = results;
  const flaky = [];
  for (const { result, file } of entries) {
    const name = file ?? result.suite;
    if (elapsedSeconds() > beginUntilSeconds) {
      say(`${name} is not retried, because the run is older than ${beginUntilSeconds / 60} minutes`);
      continue;
    }
    say(`${name} failed; retrying it alone`);
    const again = await repeatUntilFailure(() => repeat({ suite: result.suite, file }));
    say(`${name} ${again ? `passed ${looks} times` : 'failed again'}`);
    if (!again) continue;
    flaky.push(...failuresOf(result, file).map((failure) => ({ suite: result.suite, ...failure })));
    looked = looked.map((row) => (row.suite === result.suite ? withRepeated(row, file, again) : row));
  }
  return { results: looked, flaky };
}

function entriesOf(result) {
  if (result.failures.length === 0 || result.deterministic) return [];
  const files = new Set(result.failures.map(({ file }) => file));
  // A suite that was killed has files that never ran.
  if (result.hung || files.has('') || files.size > filesMax) return [{ result, file: null }];
  return [...files].map((file) => ({ result, file }));
}

/** Returns the last result, or `null` as soon as one has a failure. */
async function repeatUntilFailure(repeat) {
  let result = null;
  for (let look = 1; look <= looks; look += 1) {
    result = await repeat();
    if (result.failures.length > 0) return null;
  }
  return result;
}

function withRepeated(row, file, again) {
  if (file === null) return { ...row, passed: again.passed, failed: 0, failures: [] };
  const failures = row.failures.filter((failure) => failure.file !== file);
  const before = row.tests.filter((test) => test.file === file && test.passed).length;
  return { ...row, passed: row.passed - before + again.passed, failed: failures.length, failures };
}

function failuresOf(result, file) {
  return result.failures.filter((failure) => file === null || failure.file === file);
}
