import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { files, root } from './tree.mjs';

const named = /`((?:packages|apps|tests|bench|docs|scripts|\.ci)\/[\w@./-]*[\w/])`/g;
const linked = /\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)/g;

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

/** Returns the anchors of a page's headings, as GitHub makes them. */
function anchorsOf(path) {
  const text = readFileSync(join(root, path), 'utf8').replace(/^ *```[\s\S]*?^ *```/gm, '');
  const times = new Map();
  const anchors = [...text.matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, heading]) => {
    const shown = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = shown.replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '').replaceAll(' ', '-');
    const before = times.get(anchor) ?? 0;
    times.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
  return new Set([...anchors, ...[...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, id]) => id)]);
}

/** Returns a problem for each link of a page to a heading that does not exist. */
function deadAnchors(path, text) {
  const dead = [];
  for (const [, file, anchor] of text.matchAll(linked)) {
    const target = file === '' ? path : normalize(join(dirname(path), file));
    if (anchor === undefined || !target.endsWith('.md') || !existsSync(join(root, target))) continue;
    if (!anchorsOf(target).has(decodeURIComponent(anchor)))
      dead.push(`${path} links to ${target}#${anchor}, which does not exist`);
  }
  return dead;
}

/**
 * Checks that every path in backticks, every linked file and every linked heading exists, except build output, and that
 * a test runs the examples of each page.
 */
export function checkDocuments() {
  const problems = pagesWithoutTest();
  for (const path of files(/\.md$/)) {
    const text = readFileSync(join(root, path), 'utf8');
    const targets = [
      ...[...text.matchAll(named)].map((match) => match[1]),
      ...[...text.matchAll(linked)]
        .filter((match) => match[1] !== '')
        .map((match) => normalize(join(dirname(path), match[1]))),
    ];
    problems.push(...deadAnchors(path, text));
    for (const target of new Set(targets)) {
      if (!/(^|\/)dist(\/|$)/.test(target) && !existsSync(join(root, target)))
        problems.push(`${path} names ${target}, which does not exist`);
    }
  }
  return problems.length > 0 ? problems.join('\n') : null;
}
