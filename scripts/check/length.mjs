import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { files, root } from './tree.mjs';

const linesMax = 300;
const linesMaxWithReason = 500;
const reason = /^(\/\/|\/\*+|#).*\b300 lines(: |, because )\S/;

/** Checks that each file has at most 300 lines, or 500 if its first line states why: `Longer than 300 lines, because …`. */
export function checkLength() {
  const problems = [];
  for (const path of files(/\.(ts|tsx|mjs|cjs|js|css|c)$/)) {
    const lines = readFileSync(join(root, path), 'utf8').split('\n');
    const count = lines.at(-1) === '' ? lines.length - 1 : lines.length;
    const allowed = reason.test(lines[0]) ? linesMaxWithReason : linesMax;
    if (count > allowed) problems.push(`${path}: ${count} lines, at most ${allowed}`);
  }
  return problems.length > 0 ? problems.join('\n') : null;
}
