import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSpecs } from './spec-rules.mjs';
import { root } from './tree.mjs';

const ruleName = /^[A-Z]{2}-\d+(?:\.\d+)?$/;

/**
 * Checks that every row of `docs/features.md` is `| what works | test | page |`. A test in backticks is a path from the
 * root or a rule of `docs/spec`, which `checkRules` requires a test to name; a page is a path. A row whose test is `not
 * yet` names its page only.
 */
export function checkFeatures() {
  const problems = [];
  const rules = builtRules();
  const rows = readFileSync(join(root, 'docs/features.md'), 'utf8')
    .split('\n')
    .filter((line) => /^\|(?!\s*(-|what))/i.test(line));
  if (rows.length === 0) problems.push('docs/features.md has no rows');
  for (const row of rows) {
    const [what, test, page] = row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    if (!what || !test || !page) {
      problems.push(`incomplete row: ${row}`);
      continue;
    }
    if (test !== 'not yet') problems.push(...missing(what, test, 'test', rules));
    problems.push(...missing(what, page, 'page', new Set()));
  }
  return problems.length > 0 ? problems.join('\n') : null;
}

/** Returns the names of the rules and parts that tests must name: those marked `(later)` have no test. */
function builtRules() {
  const all = readSpecs().flatMap(({ rules }) => rules.flatMap((rule) => [rule, ...rule.parts]));
  return new Set(all.filter(({ later }) => !later).map(({ name }) => name));
}

function missing(what, cell, kind, rules) {
  const names = [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]);
  if (names.length === 0) return [`${what}: no ${kind} named`];
  return names
    .filter((name) => !rules.has(name) && !existsSync(join(root, name)))
    .map((name) =>
      ruleName.test(name)
        ? `${what}: the ${kind} ${name} is not a rule of docs/spec that tests name`
        : `${what}: the ${kind} ${name} does not exist`,
    );
}
