import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { files, root } from './tree.mjs';

const named = /`((?:packages|apps|tests|bench|docs|scripts|\.ci)\/[\w@./-]*[\w/])`/g;
const linked = /\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)/g;

const withExamples = /^(README\.md|docs\/guides\/[\w.-]+\.md)$/;
/** A guide whose blocks a test runs, or a translation whose blocks are compared with those of such a guide. */
const claimed = /(?:new Guide|translationOf)\('([^']+)'[,)]/g;

/** Every page for users that has a fenced block is some test's, which fails where one of its blocks was not run (`tests/guides/guide.ts`). */
function pagesWithoutTest() {
  const tests = files(/^tests\/.*\.test\.ts$/).map((path) => readFileSync(join(root, path), 'utf8'));
  const tested = new Set(tests.flatMap((text) => [...text.matchAll(claimed)].map((match) => match[1])));
  return files(withExamples)
    .filter((path) => !tested.has(path) && /^ *```/m.test(readFileSync(join(root, path), 'utf8')))
    .map((path) => `${path} has examples that no test runs: new Guide('${path}')`);
}

/** Every path a document names in backticks, and every file it links to, exists, built things left out; and its examples are run. */
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
