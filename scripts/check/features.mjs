import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './tree.mjs';

/**
 * Every row of `docs/features.md` is `| what works | test | page |`. A test and a page are paths from the root in backticks or
 * links; `not yet` in the test column is an honest state, an empty cell or a missing file is not.
 */
export function checkFeatures() {
  const problems = [];
  const rows = readFileSync(join(root, 'docs/features.md'), 'utf8')
    .split('\n')
    .filter((line) => /^\|(?!\s*(-|what))/i.test(line));
  if (rows.length === 0) problems.push('docs/features.md has no rows');
  for (const row of rows) {
    const [what, test, page] = row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    if (!what || !test || !page) problems.push(`incomplete row: ${row}`);
    else if (test !== 'not yet') problems.push(...missing(what, test, 'test'), ...missing(what, page, 'page'));
  }
  return problems.length > 0 ? problems.join('\n') : null;
}

function missing(what, cell, kind) {
  const paths = [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]);
  if (paths.length === 0) return [`${what}: no ${kind} named`];
  return paths
    .filter((path) => !existsSync(join(root, path)))
    .map((path) => `${what}: the ${kind} ${path} does not exist`);
}
