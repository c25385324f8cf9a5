import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { files, root } from './tree.mjs';

const named = /`((?:packages|apps|tests|bench|docs|scripts|\.ci)\/[\w@./-]*[\w/])`/g;
const linked = /\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)/g;

/** Every path a document names in backticks, and every file it links to, exists. Built things are left out. */
export function checkDocuments() {
  const problems = [];
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
