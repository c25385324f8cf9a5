import { Instrumenter } from '@stryker-mutator/instrumenter';

/**
 * Excludes strings: most are texts for people or SQL, where an empty string proves nothing, and wire names are union
 * types that do not compile when emptied. Includes all other mutators of Stryker: conditions, boundaries, arithmetic,
 * blocks, booleans, optional chains.
 */
const options = { plugins: null, excludedMutations: ['StringLiteral'], ignorers: [] };

/** The logger for Stryker, an object with a method for each level. Discards everything. */
const silent = new Proxy({}, { get: () => () => false });

/**
 * Lists every mutant of a file, in file order.
 *
 * @returns the mutants, and the file instrumented by Stryker, which reports the execution of each place under the `key`
 *   of its mutant
 */
export async function listMutants(file, content) {
  const { mutants, files } = await new Instrumenter(silent).instrument(
    [{ name: file, mutate: true, content }],
    options,
  );
  const lineStarts = [0, ...[...content.matchAll(/\n/g)].map((match) => match.index + 1)];
  const offset = ({ line, column }) => lineStarts[line] + column;
  const listed = mutants
    .filter(({ status }) => status !== 'Ignored')
    .map(({ id, location, mutatorName, replacement }) => {
      const [start, end] = [offset(location.start), offset(location.end)];
      const { line, column } = location.start;
      return {
        id: `${file}:${line + 1}:${column + 1}:${mutatorName}`,
        ...{ file, line: line + 1, mutator: mutatorName, start, end, key: `${file}#${id}` },
        text: content.slice(lineStarts[line], lineStarts[line + 1]).trim(),
        original: content.slice(start, end),
        replacement,
      };
    });
  return { mutants: listed, instrumented: withKeys(files[0].content, file) };
}

/**
 * Adds the file name to Stryker's mutant numbers, so that they are unique among all files. The text also reports to
 * `record-coverage.mjs` when it is being imported, by a test file or while a test runs.
 */
function withKeys(instrumented, file) {
  const keyed = instrumented.replaceAll(
    /\bstryCov_9fa48\(("\d+"(?:, "\d+")*)\)/g,
    (_, ids) => `stryCov_9fa48(${ids.replaceAll(/"(\d+)"/g, (_quoted, id) => JSON.stringify(`${file}#${id}`))})`,
  );
  return `// @ts-nocheck\nglobalThis.__mutants__?.importing(true);\n${keyed}\nglobalThis.__mutants__?.importing(false);\n`;
}

/** Returns the content of the file with the mutant. Parentheses keep the precedence when `&&` becomes `||`. */
export function mutate(content, { start, end, mutator, replacement }) {
  const put = mutator === 'LogicalOperator' ? `(${replacement})` : replacement;
  return content.slice(0, start) + put + content.slice(end);
}
