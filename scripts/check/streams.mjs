import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { files, root } from './tree.mjs';

const sources = /^(packages|apps)\/[\w-]+\/src\/(?!.*\.test\.ts$).*\.ts$/;
/** Matches `Readable.from` of anything but an array literal. */
const wrapped = /\bReadable\.from\((?!\[)/;
const allowed = /\binstanceof Readable \?/;

/**
 * Checks that no stream wraps another one. If a wrapper is destroyed before its first byte was read, as when a client
 * leaves early, it does not destroy the inner stream, and a file stays open until the process ends.
 */
export function checkStreams() {
  const problems = [];
  for (const path of files(sources)) {
    for (const [index, line] of readFileSync(join(root, path), 'utf8').split('\n').entries()) {
      if (wrapped.test(line) && !allowed.test(line))
        problems.push(
          `${path}:${index + 1}: Readable.from may be given a stream, which it never closes; send the stream`,
        );
    }
  }
  return problems.length > 0 ? problems.join('\n') : null;
}
