import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { files, root } from './tree.mjs';

const cores = /^packages\/(protocol|chat|chat-client)\/src\/(?!.*\.test\.ts$).*\.ts$/;
const shells = /^packages\/chat-client\/src\/(?!core\/)/;
const banned =
  /(?<![.\w'"`])(Date\b|Math\.random|setTimeout|setInterval|setImmediate|performance\.|process\.|globalThis\.|crypto\.|fetch\(|console\.)/;

/** Checks that the cores use no clock, no randomness and no platform API: time, randomness and ids are arguments. */
export function checkPurity() {
  const problems = [];
  for (const path of files(cores)) {
    if (shells.test(path)) continue;
    const code = readFileSync(join(root, path), 'utf8')
      .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
      .replace(/(^|\s)\/\/.*$/gm, '');
    for (const [index, line] of code.split('\n').entries()) {
      const found = banned.exec(line);
      if (found) problems.push(`${path}:${index + 1}: a core may not use ${found[1]}`);
    }
  }
  return problems.length > 0 ? problems.join('\n') : null;
}
