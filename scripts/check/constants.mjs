import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { files, root } from './tree.mjs';

const sources = /^(packages|apps)\/[\w-]+\/(src|page)\/(?!.*\.test\.tsx?$).*\.tsx?$/;
/** Matches a constant of a module that is a number or a text and whose name is not in capitals. */
const uncapitalised = /^(?:export )?const ([a-z]\w*)(?:: [^=]+)? = (?:-?\d[\d_.]*|'[^']*');$/gm;

/** Checks that constants have one case: a number or a text that a module defines is named in capitals. */
export function checkConstants() {
  const problems = files(sources).flatMap((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    return [...text.matchAll(uncapitalised)].map(([, name]) => `${path}: the constant ${name} is not in capitals`);
  });
  return problems.length > 0 ? problems.join('\n') : null;
}
