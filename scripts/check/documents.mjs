import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { files, root } from './tree.mjs';

const named = /`((?:packages|apps|tests|bench|docs|scripts|\.ci)\/[\w@./-]*[\w/])`/g;
const linked = /\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)/g;

const withExamples = /^(README\.md|docs\/guides\/[\w.-]+\.md)$/;
/**
 * Matches a guide whose code blocks a test runs, or a translation whose code blocks a test compares with such a guide.
 */
const claimed = /(?:new Guide|translationOf)\('([^']+)'[,)]/g;

/**
 * Returns a problem for each page for users that has a fenced code block but no test. The test of a page fails unless
 * it runs every block (`tests/guides/guide.ts`).
 */
function pagesWithoutTest() {
  const tests = files(/^tests\/.*\.test\.ts$/).map((path) => readFileSync(join(root, path), 'utf8'));
  const tested = new Set(tests.flatMap((text) => [...text.matchAll(claimed)].map((match) => match[1])));
  return files(withExamples)
    .filter((path) => !tested.has(path) && /^ *```/m.test(readFileSync(join(root, path), 'utf8')))
    .map((path) => `${path} has examples that no test runs: new Guide('${path}')`);
}

/**
 * Checks that every path in backticks and every linked file exists, except build output, and that a test runs the
 * examples of each page.
 */
export function checkDocuments() {
  const problems = pagesWithoutTest();
  for (const path of files(/\.md$/)) {
    const text = readFileSync(join(root, path), 'utf8');
    const targets = [
      ...[...text.matchAll(named)].map((match) => match[1]),
      ...[...text.matchAll(linked)].map((match) => normalize(join(dirname(path), match[1]))),
    ];
    for (const target of new Set(targets)) {
      if (!/(^|\/)dist(\/|$)/.test(target) && !existsSync(join(root, target)))
        problems.push(`${path} names ${target}, which does not exist`);
    }
  }
  return problems.length > 0 ? problems.join('\n') : null;
}
