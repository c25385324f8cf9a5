import { Instrumenter } from '@stryker-mutator/instrumenter';

/**
 * Strings are left out: most are texts for people or SQL, where an empty string proves nothing, and names of the wire are unions that do not
 * compile when emptied. Everything else of Stryker's mutators is in: conditions, boundaries, arithmetic, blocks, booleans, optional chains.
 */
const options = { plugins: null, excludedMutations: ['StringLiteral'], ignorers: [] };

/** Stryker logs through an object with a method for each level; nothing of it matters here. */
const silent = new Proxy({}, { get: () => () => false });

/**
 * Lists every mutant of a file, in the order of the file.
 *
 * @returns the mutants, and the file instrumented by Stryker: each mutant's place reports when it is executed, under the mutant's `key`
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
 * Stryker numbers the mutants of one run; the file's name makes its numbers unique among all files. The text also tells `record-coverage.mjs` when
 * it is imported, whether by a test file or while a test runs.
 */
function withKeys(instrumented, file) {
  const keyed = instrumented.replaceAll(
    /\bstryCov_9fa48\(("\d+"(?:, "\d+")*)\)/g,
    (_, ids) => `stryCov_9fa48(${ids.replaceAll(/"(\d+)"/g, (_quoted, id) => JSON.stringify(`${file}#${id}`))})`,
  );
  return `// @ts-nocheck\nglobalThis.__mutants__?.importing(true);\n${keyed}\nglobalThis.__mutants__?.importing(false);\n`;
}

/** @returns the file's content with the mutant in it; `||` for `&&` must bind as the original did, hence the parentheses */
export function mutate(content, { start, end, mutator, replacement }) {
  const put = mutator === 'LogicalOperator' ? `(${replacement})` : replacement;
  return content.slice(0, start) + put + content.slice(end);
}
